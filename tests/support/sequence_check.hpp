// SPDX-License-Identifier: GPL-3.0-or-later
// sequence_check.hpp — reads the bytes that uchat writes to a terminal, and finds what is neither
// text nor one of the few escape sequences that uchat uses. The parser is that of libvterm.
//
// Runs in:   test programs and fuzz targets.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vterm.h>

namespace chatd::test {

struct FreeTerminal {
  void operator()(VTerm* terminal) const noexcept { ::vterm_free(terminal); }
};
using VTermPtr = std::unique_ptr<VTerm, FreeTerminal>;

class SequenceCheck {
 public:
  SequenceCheck();
  SequenceCheck(const SequenceCheck&) = delete;
  SequenceCheck& operator=(const SequenceCheck&) = delete;
  ~SequenceCheck() = default;

  void read(std::string_view bytes);

  // The first such bytes; "": there were none.
  [[nodiscard]] const std::string& forbidden() const noexcept { return forbidden_; }
  // The state that sequences have set. All false: the terminal is as before.
  struct Modes {
    bool marks_pastes{false};
    bool reports_focus{false};
    bool is_tinted{false};
    friend bool operator==(const Modes&, const Modes&) = default;
  };
  [[nodiscard]] const Modes& modes() const noexcept { return modes_; }

 private:
  struct Callbacks;  // of libvterm

  void forbid(std::string_view what);
  void check_text(std::string_view bytes);
  void check_color(const std::vector<long>& numbers);
  void check_sequence(std::string_view leader, const std::vector<long>& numbers, char command);
  void check_osc(std::string_view text);

  VTermPtr parser_;
  std::string part_;  // the first bytes of a character that is not whole
  std::string forbidden_;
  Modes modes_;
};

}  // namespace chatd::test
