// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/screen_model.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace chatd::test {

namespace {

// In a window of one column libvterm 0.1.4 writes a wide character beyond its row.
constexpr int kMinColumns = 2;
// In a window of one row it keeps no row that scrolls off.
constexpr int kMinRows = 2;

std::string utf8(std::uint32_t code) {
  std::string text;
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | code >> 6U);
    add(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    add(0xE0U | code >> 12U);
    add(0x80U | (code >> 6U & 0x3FU));
    add(0x80U | (code & 0x3FU));
  } else {
    add(0xF0U | code >> 18U);
    add(0x80U | (code >> 12U & 0x3FU));
    add(0x80U | (code >> 6U & 0x3FU));
    add(0x80U | (code & 0x3FU));
  }
  return text;
}

std::string text_of(std::span<const VTermScreenCell> cells) {
  constexpr auto kBehindWide = static_cast<std::uint32_t>(-1);
  std::string text;
  for (const VTermScreenCell& cell : cells) {
    if (cell.chars[0] == kBehindWide) continue;
    if (cell.chars[0] == 0) text += ' ';
    for (const std::uint32_t code : cell.chars) {
      if (code == 0) break;
      text += utf8(code);
    }
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

struct ScreenModel::Callbacks {
  static ScreenModel& model(void* user) { return *static_cast<ScreenModel*>(user); }
  static int on_scrolled_off(int columns, const VTermScreenCell* cells, void* user) {
    const std::span row{cells, static_cast<std::size_t>(columns)};
    model(user).scrollback_.emplace_back(row.begin(), row.end());
    return 1;
  }
};

ScreenModel::ScreenModel(int columns, int rows)
    : columns_{std::max(columns, kMinColumns)},
      rows_{std::max(rows, kMinRows)},
      terminal_{::vterm_new(rows_, columns_)},
      screen_{::vterm_obtain_screen(terminal_.get())} {
  static constexpr VTermScreenCallbacks kScreen{.damage = nullptr,
                                                .moverect = nullptr,
                                                .movecursor = nullptr,
                                                .settermprop = nullptr,
                                                .bell = nullptr,
                                                .resize = nullptr,
                                                .sb_pushline = &Callbacks::on_scrolled_off,
                                                .sb_popline = nullptr};
  ::vterm_set_utf8(terminal_.get(), 1);
  ::vterm_screen_set_callbacks(screen_, &kScreen, this);
  ::vterm_screen_reset(screen_, 1);
}

void ScreenModel::write(std::string_view bytes) {
  (void)::vterm_input_write(terminal_.get(), bytes.data(), bytes.size());
}

void ScreenModel::resize(int columns, int rows) {
  columns_ = std::max(columns, kMinColumns);
  rows_ = std::max(rows, kMinRows);
  ::vterm_set_size(terminal_.get(), rows_, columns_);
}

std::string ScreenModel::row_on_screen(int row) const {
  std::vector<VTermScreenCell> cells(static_cast<std::size_t>(columns_));
  for (int column = 0; column < columns_; ++column) {
    (void)::vterm_screen_get_cell(screen_, {.row = row, .col = column},
                                  &cells[static_cast<std::size_t>(column)]);
  }
  return text_of(cells);
}

std::vector<std::string> ScreenModel::rows() const {
  std::vector<std::string> all;
  for (const Row& row : scrollback_) all.push_back(text_of(row));
  for (int row = 0; row < rows_; ++row) all.push_back(row_on_screen(row));
  while (all.size() > scrollback_.size() && all.back().empty()) all.pop_back();
  return all;
}

ScreenModel::Cursor ScreenModel::cursor() const {
  VTermPos place{};
  ::vterm_state_get_cursorpos(::vterm_obtain_state(terminal_.get()), &place);
  return {.row = scrollback_.size() + static_cast<std::size_t>(place.row),
          .column = static_cast<std::size_t>(place.col)};
}

}  // namespace chatd::test
