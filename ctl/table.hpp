// SPDX-License-Identifier: GPL-3.0-or-later
// table.hpp — aligned columns below a header line.
//
// Runs in:   chatctl.
// Invariant: control characters of every cell are escaped: a name cannot control the
//            administrator's terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::ctl {

enum class Tint : std::uint8_t { none, good, busy, bad };

struct Style {
  bool color{false};
  bool legend{true};  // header lines, and the counts below tables
  bool draws{false};  // a person looks at a terminal: a QR code is of use
};

// The escaped text, in the colour of its tint if colours are wanted.
[[nodiscard]] std::string tinted(std::string_view text, Tint tint, const Style& style);
[[nodiscard]] std::string emphasized(std::string_view text, const Style& style);

class Table {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Column {
    std::string_view title;
    Align align{Align::left};
  };
  struct Cell {
    // Implicit, so that a row can be written as a list of texts.
    Cell(std::string cell_text, Tint cell_tint = Tint::none)  // NOLINT(google-explicit-constructor)
        : text{std::move(cell_text)}, tint{cell_tint} {}
    std::string text;
    Tint tint;
  };

  explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

  // As many cells as there are columns.
  void add(std::vector<Cell> row);

  [[nodiscard]] std::string render(const Style& style) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(const Style& style) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace chatd::ctl
