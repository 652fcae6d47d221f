// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/terminal/screen.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/program.hpp"

namespace chatd::test {

namespace {

constexpr auto kTmux = "/usr/bin/tmux";

std::string without_blanks(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

}  // namespace

Screen::Screen(unsigned columns, unsigned rows, std::string_view language,
               std::string_view options) {
  write_file(directory_ / "tmux.conf",
             "set -g status off\nset -g history-limit 10000\nset -g escape-time 0\n");
  write_file(directory_ / "bashrc", "PS1='$ '; HISTFILE=; CHAT='" + uchat_program() +
                                        std::string{options} + "'; unset NO_COLOR\n");
  const std::string shell = "env XDG_CONFIG_HOME=" + directory_.path() +
                            " XDG_STATE_HOME=" + directory_.path() +
                            " INPUTRC=/dev/null TZ=UTC LC_ALL=" + std::string{language} +
                            " bash --noprofile --rcfile " + directory_ / "bashrc" + " -i";
  // The tmux server is a daemon. It must not become a child of this program, where it would look
  // like a process that chatd has left behind.
  int adopts = 0;
  ::prctl(PR_GET_CHILD_SUBREAPER, &adopts);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  (void)run({"-f", directory_ / "tmux.conf", "-u", "new-session", "-d", "-x",
             std::to_string(columns), "-y", std::to_string(rows), shell});
  ::prctl(PR_SET_CHILD_SUBREAPER, adopts);
  EXPECT_TRUE(ends_with("$"));
}

Screen::~Screen() { (void)run({"kill-server"}); }

std::string Screen::run(std::vector<std::string> words) const {
  words.insert(words.begin(), {kTmux, "-S", directory_ / "socket"});
  const Finished finished = run_program(words, {.environment = {{"TMUX", ""}}});
  EXPECT_EQ(finished.status, 0) << finished.err;
  return finished.out;
}

void Screen::type(std::string_view text) const {
  (void)run({"send-keys", "-l", "--", std::string{text}});
}

void Screen::press(std::string_view key) const { (void)run({"send-keys", std::string{key}}); }

void Screen::paste(std::string_view text) const {
  (void)run({"set-buffer", "--", std::string{text}});
  (void)run({"paste-buffer", "-p", "-r"});
}

UniqueFd Screen::open_terminal(int flags) const {
  std::string tty = run({"display-message", "-p", "#{pane_tty}"});
  tty.pop_back();
  UniqueFd terminal{::open(tty.c_str(), flags | O_NOCTTY | O_CLOEXEC)};
  EXPECT_GE(terminal.get(), 0) << tty;
  return terminal;
}

void Screen::resize_soon(unsigned columns, unsigned rows) const {
  (void)run({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

void Screen::resize(unsigned columns, unsigned rows) const {
  resize_soon(columns, rows);
  const UniqueFd terminal = open_terminal(O_RDONLY);
  EXPECT_TRUE(eventually([&] {
    winsize size{};
    return ::ioctl(terminal.get(), TIOCGWINSZ, &size) == 0 && size.ws_col == columns &&
           size.ws_row == rows;
  }));
}

// A NUL tests whether the output is stopped: a stopped terminal does not accept the byte, a running
// terminal does not show it.
void Screen::stop() const {
  press("C-s");
  const UniqueFd terminal = open_terminal(O_WRONLY | O_NONBLOCK);
  EXPECT_TRUE(eventually([&] { return ::write(terminal.get(), "", 1) < 0 && errno == EAGAIN; }));
}

void Screen::forget() const { (void)run({"clear-history"}); }

std::vector<std::string> Screen::rows() const {
  std::istringstream lines{run({"capture-pane", "-p"})};
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(without_blanks(line));
  while (!rows.empty() && rows.back().empty()) rows.pop_back();
  return rows;
}

std::string Screen::last() const {
  const auto all = rows();
  return all.empty() ? std::string{} : all.back();
}

std::string Screen::history() const { return run({"capture-pane", "-p", "-J", "-S", "-"}); }

std::string Screen::styled_history() const {
  return without_blanks(run({"capture-pane", "-p", "-e", "-J", "-S", "-"}));
}

std::string Screen::modes() const {
  return run({"display-message", "-p",
              "#{pane_title} alternate=#{alternate_on} cursor=#{cursor_flag} insert=#{insert_flag} "
              "keypad=#{keypad_flag}#{keypad_cursor_flag} mouse=#{mouse_any_flag} "
              "origin=#{origin_flag} wrap=#{wrap_flag} "
              "rows=#{scroll_region_upper}-#{scroll_region_lower}"});
}

bool Screen::has_cursor_in(unsigned column) const {
  return eventually([&] {
    return run({"display-message", "-p", "#{cursor_x}"}) == std::to_string(column) + "\n";
  });
}

bool Screen::shows(std::string_view text) const {
  return eventually([&] {
    return std::ranges::any_of(
        rows(), [&](const auto& row) { return row.find(text) != std::string::npos; });
  });
}

bool Screen::ends_with(std::string_view row) const {
  return eventually([&] { return last() == row; });
}

bool Screen::has_row(std::string_view row) const {
  return eventually([&] { return std::ranges::count(rows(), row) > 0; });
}

pid_t Screen::program() const {
  const pid_t shell = std::stoi(run({"display-message", "-p", "#{pane_pid}"}));
  const auto children = children_of(shell);
  return children.empty() ? 0 : children.front().pid;
}

}  // namespace chatd::test
