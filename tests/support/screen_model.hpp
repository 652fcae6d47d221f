// SPDX-License-Identifier: GPL-3.0-or-later
// screen_model.hpp — a terminal in memory, by libvterm: the rows on the screen, and those that have
// scrolled out of the window.
//
// Runs in:   test programs and fuzz targets.
// Invariant: like xterm, it cuts rows when the number of columns changes, and does not wrap them
//            again. It has two columns and two rows at least. Rows that have scrolled out of the
//            window do not come back.
// See:       sequence_check.hpp, for bytes that libvterm 0.1.4 cannot place: it crashes at some
//            combining marks.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <vterm.h>

#include "tests/support/sequence_check.hpp"

namespace chatd::test {

class ScreenModel {
 public:
  ScreenModel(int columns, int rows);
  ScreenModel(const ScreenModel&) = delete;
  ScreenModel& operator=(const ScreenModel&) = delete;
  ~ScreenModel() = default;

  void write(std::string_view bytes);  // with a '\r' before each '\n', as the kernel sends it
  void resize(int columns, int rows);

  // All rows, the oldest first, without blanks at their ends and without empty rows at the end. The
  // first `scrolled` of them have left the window.
  [[nodiscard]] std::vector<std::string> rows() const;
  [[nodiscard]] std::size_t scrolled() const noexcept { return scrollback_.size(); }
  // The row of the cursor is an index in rows().
  struct Cursor {
    std::size_t row{0};
    std::size_t column{0};
    friend bool operator==(const Cursor&, const Cursor&) = default;
  };
  [[nodiscard]] Cursor cursor() const;

 private:
  struct Callbacks;  // of libvterm
  using Row = std::vector<VTermScreenCell>;

  [[nodiscard]] std::string row_on_screen(int row) const;

  int columns_;
  int rows_;
  VTermPtr terminal_;
  VTermScreen* screen_;
  std::deque<Row> scrollback_;
};

}  // namespace chatd::test
