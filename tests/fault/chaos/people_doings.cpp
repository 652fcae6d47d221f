// SPDX-License-Identifier: GPL-3.0-or-later
// What people do, what befalls them, and how a round ends.
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "tests/fault/chaos/people.hpp"

namespace chatd::test {

// --- what members do -------------------------------------------------------------------

void People::talk() {
  for (; next_word_ <= now_; next_word_ += kBetweenWords) {
    if (next_word_ + std::chrono::seconds{1} < now_) next_word_ = now_;
    Seat& seat = *seats_[random_() % seats_.size()];
    if (seat.member && seat.member->is_joined() && !seat.is_leaving && is_awake(seat)) {
      say_something(seat);
    }
    if (texts_.empty() || draw() > 0.2) continue;
    TextSeat& text = texts_[random_() % texts_.size()];
    const std::string words = fmt::format("text {}", ++words_);
    history_.sent(text.reader, words_, {.text = words});
    text.socket.send(options_.server, "C " + words);
    ++figures_.said;
  }
}

void People::say_something(Seat& seat) {
  const double kind = draw();
  const std::string words = fmt::format("line {}{}", ++words_, std::string(random_() % 100, '.'));
  ++figures_.said;
  std::uint64_t number = 0;
  std::string to;
  if (kind < 0.1) {
    to = seats_[random_() % options_.natives]->name;
    if (to == seat.name) to = texts_.empty() ? "n0" : "n1";
    if (to == seat.name) to = "n2";
    number = seat.member->write_to(to, words, now_);
  } else if (kind < 0.2) {
    number = seat.member->act(words, now_);
  } else {
    number = seat.member->say(words, now_);
  }
  seat.said_at.emplace(number, now_);
  history_.sent(seat.reader, number, {.text = words, .to = to});
}

void People::flood_with_letters(std::size_t native, std::size_t letters) {
  for (std::size_t i = 0; i < letters; ++i) {
    Seat& seat = *seats_[random_() % options_.natives];
    if (&seat == seats_[native].get() || !seat.member || !seat.member->is_joined()) continue;
    const std::string words = fmt::format("letter {}{}", ++words_, std::string(200, '.'));
    const auto number = seat.member->write_to(seats_[native]->name, words, now_);
    history_.sent(seat.reader, number, {.text = words, .to = seats_[native]->name});
    ++figures_.said;
  }
}

// --- their troubles --------------------------------------------------------------------

void People::move(std::size_t native) {
  Seat& seat = *seats_[native];
  renew_socket(seat);
  if (seat.member) seat.member->path_changed(now_);
}

void People::die(std::size_t native, Micros back_after) {
  Seat& seat = *seats_[native];
  if (!seat.member) return;
  history_.over(seat.reader);
  seat.member.reset();
  renew_socket(seat);
  seat.back_at = now_ + back_after;
}

void People::go_home(std::size_t native) {
  Seat& seat = *seats_[native];
  if (!seat.member || seat.is_leaving) return;
  seat.is_leaving = true;
  seat.member->quit(now_);
}

void People::fall_asleep(std::size_t native, Micros time) {
  Seat& seat = *seats_[native];
  seat.awake_at = now_ + time;
  seat.said_at.clear();  // it waits for its own sake
}

void People::invite(std::size_t guests) {
  for (std::size_t i = 0; i < guests; ++i) add_seat(fmt::format("g{}", guests_++), true);
}

void People::send_guests_home() {
  for (auto& seat : seats_) {
    if (!seat->is_guest || !seat->member || seat->is_leaving) continue;
    seat->is_leaving = true;
    seat->member->quit(now_);
  }
}

// --- the end of a round ----------------------------------------------------------------

std::string People::settle() {
  weather_ = kGoodWeather;
  for (auto& seat : seats_) {
    seat->awake_at = now_;
    seat->back_at = now_;
  }
  send_guests_home();
  const bool calm = pump_until(
      [this] {
        return seats_.size() == options_.natives && everybody_is_in() && flying_.empty() &&
               std::ranges::all_of(seats_, [](const auto& seat) {
                 return !seat->is_leaving && seat->member->unconfirmed() == 0;
               });
      },
      kGenerous);
  if (!calm) return "in good weather this does not come to an end: " + who_waits();
  const std::string end = fmt::format("the end {}", ++words_);
  history_.sent(seats_[0]->reader, seats_[0]->member->say(end, now_), {.text = end});
  const bool heard = pump_until(
      [&] {
        return seats_[0]->member->unconfirmed() == 0 &&
               std::ranges::all_of(seats_, [&](const auto& seat) {
                 const auto& lines = history_.readers()[seat->reader].heard;
                 return !lines.empty() && lines.back().text == end;
               });
      },
      kGenerous);
  if (!heard) return "not everybody hears the last line: " + who_waits();
  if (!exchange_last_letters()) return "not everybody gets a last letter: " + who_waits();
  const std::string as_text = seats_[0]->name + " : " + end;
  const bool read = pump_until(
      [&] {
        return std::ranges::all_of(texts_, [&](const TextSeat& seat) {
          const auto& lines = history_.readers()[seat.reader].lines;
          return std::ranges::find(lines, as_text) != lines.end();
        });
      },
      kGenerous);
  return read ? "" : "not every text member reads the last line";
}

// Letters are no lines of the room: whoever has the last one has all before it. A mailbox that is
// full refuses it for a while.
bool People::exchange_last_letters() {
  std::vector<std::uint64_t> last(seats_.size());
  const auto writer_to = [&](std::size_t i) -> Seat& { return *seats_[i == 0 ? 1 : 0]; };
  const auto send_to = [&](std::size_t i) {
    Seat& writer = writer_to(i);
    const std::string text = fmt::format("the last letter {}", ++words_);
    last[i] = writer.member->write_to(seats_[i]->name, text, now_);
    history_.sent(writer.reader, last[i], {.text = text, .to = seats_[i]->name});
  };
  const auto has_it = [&](std::size_t i) {
    const auto& sent = history_.readers()[writer_to(i).reader].sent.at(last[i]);
    if (sent.fate == History::Fate::refused) {
      send_to(i);
      return false;
    }
    const auto& letters = history_.readers()[seats_[i]->reader].letters;
    return sent.fate == History::Fate::confirmed && !letters.empty() &&
           letters.back().text == sent.text;
  };
  for (std::size_t i = 0; i < seats_.size(); ++i) send_to(i);
  return pump_until(
      [&] {
        bool all = true;
        for (std::size_t i = 0; i < seats_.size(); ++i) all = has_it(i) && all;
        return all;
      },
      kGenerous);
}

std::string People::who_waits() const {
  std::string words;
  for (const auto& seat : seats_) {
    words += fmt::format("{}: {}, {} unconfirmed, {} heard; ", seat->name,
                         !seat->member               ? "no client"
                         : seat->is_leaving          ? "leaving"
                         : seat->member->is_joined() ? "in"
                                                     : "outside",
                         seat->member ? seat->member->unconfirmed() : 0,
                         history_.readers()[seat->reader].heard.size());
  }
  return words;
}

}  // namespace chatd::test
