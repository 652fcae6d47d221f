// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bare_sender.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

#include "common/base/unique_fd.hpp"
#include "tests/bench/server.hpp"

namespace chatd::bench {

namespace {

constexpr std::size_t kAtOnce = 64;
constexpr std::string_view kSpeaker{"m0 : "};
constexpr std::size_t kLineBytes = kSpeaker.size() + kPayloadBytes;

// The datagrams of one round, the same for each member. They are equally long, as GSO requires:
// lines that do not fill a last datagram are not sent.
class Round {
 public:
  explicit Round(const BareLoad& load) {
    const std::size_t most = std::max<std::size_t>(1, load.datagram_bytes / (kLineBytes + 1));
    lines_each_ = std::min<std::size_t>(most, load.lines_a_round);
    datagrams_ = load.lines_a_round / lines_each_;
    bytes_.assign(datagrams_ * each(), '\n');
  }
  void fill(std::uint32_t& number, Nanos due) {
    for (std::size_t i = 0; i < datagrams_ * lines_each_; ++i) {
      char* const line = bytes_.data() + i * (kLineBytes + 1);
      std::ranges::copy(kSpeaker, line);
      write_payload(line + kSpeaker.size(), {.publisher = 0, .number = number++, .due = due});
    }
  }
  [[nodiscard]] std::size_t each() const { return lines_each_ * (kLineBytes + 1); }
  [[nodiscard]] std::size_t datagrams() const { return datagrams_; }
  [[nodiscard]] char* bytes() { return bytes_.data(); }

 private:
  std::size_t lines_each_;
  std::size_t datagrams_;
  std::string bytes_;
};

struct Control {
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
};

class Calls {
 public:
  Calls(const BareLoad& load, Round& round) : names_(load.members.size()) {
    const std::size_t pieces = load.in_runs ? 1 : round.datagrams();
    const std::size_t each = load.in_runs ? round.each() * round.datagrams() : round.each();
    for (std::size_t i = 0; i < pieces; ++i) {
      vectors_.push_back({.iov_base = round.bytes() + i * each, .iov_len = each});
    }
    if (load.in_runs) set_segment(static_cast<std::uint16_t>(round.each()));
    for (std::size_t member = 0; member < names_.size(); ++member) {
      for (iovec& vector : vectors_) {
        mmsghdr message{};
        message.msg_hdr.msg_name = &names_[member];
        message.msg_hdr.msg_namelen = to_sockaddr(load.members[member], names_[member]);
        message.msg_hdr.msg_iov = &vector;
        message.msg_hdr.msg_iovlen = 1;
        if (load.in_runs) {
          message.msg_hdr.msg_control = control_.bytes.data();
          message.msg_hdr.msg_controllen = control_.bytes.size();
        }
        messages_.push_back(message);
      }
    }
  }
  void send(int fd) {
    for (std::size_t done = 0; done < messages_.size();) {
      const auto count = std::min(kAtOnce, messages_.size() - done);
      const int sent = ::sendmmsg(fd, &messages_[done], static_cast<unsigned>(count), 0);
      if (sent < 0 && errno != EINTR) {
        std::perror("sendmmsg");
        ::_exit(1);
      }
      done += static_cast<std::size_t>(std::max(sent, 0));
    }
  }

 private:
  void set_segment(std::uint16_t bytes) {
    msghdr header{};
    header.msg_control = control_.bytes.data();
    header.msg_controllen = control_.bytes.size();
    cmsghdr* const about = CMSG_FIRSTHDR(&header);
    about->cmsg_level = IPPROTO_UDP;
    about->cmsg_type = UDP_SEGMENT;
    about->cmsg_len = CMSG_LEN(sizeof bytes);
    std::memcpy(CMSG_DATA(about), &bytes, sizeof bytes);
  }

  Control control_;
  std::vector<iovec> vectors_;
  std::vector<sockaddr_storage> names_;
  std::vector<mmsghdr> messages_;
};

void wait_until(Nanos due) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(due);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (due - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
  }
}

[[noreturn]] void send_all(const BareLoad& load) {
  (void)::prctl(PR_SET_NAME, "bare sender");
  pin_to(kServerCore);
  const UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  Round round{load};
  Calls calls{load, round};
  std::uint32_t number = 0;
  Nanos due = Clock::now().time_since_epoch();
  for (std::uint32_t i = 0; i < load.rounds; ++i, due += load.between) {
    wait_until(due);
    round.fill(number, due);
    calls.send(socket.get());
  }
  ::_exit(0);
}

Nanos of(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

}  // namespace

Nanos send_bare(const BareLoad& load, const std::function<void()>& meanwhile) {
  const pid_t sender = ::fork();
  if (sender == 0) send_all(load);
  int status = -1;
  rusage used{};
  while (::wait4(sender, &status, WNOHANG, &used) == 0) meanwhile();
  if (status != 0) std::exit(EXIT_FAILURE);
  return of(used.ru_utime) + of(used.ru_stime);
}

}  // namespace chatd::bench
