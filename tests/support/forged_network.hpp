// SPDX-License-Identifier: GPL-3.0-or-later
// forged_network.hpp — a network namespace with one link, over which a test sends datagrams from
// forged source addresses.
//
// Runs in:   test programs, as root. While an object lives, this process and the processes that it
//            starts are in the namespace; afterwards this process is in its old one again.
// Owns:      the namespace, with a loopback device and a pair of Ethernet devices. 10.0.0.1 is the
//            address of this machine. A forged datagram is sent into the far end of the link; all
//            that this machine sends to 10.0.0.0/8 leaves there, without ARP, and is counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::test {

class ForgedNetwork {
 public:
  static constexpr std::string_view kServer = "10.0.0.1";
  // Two more addresses of this machine, not on loopback: to the daemon they are other machines.
  static constexpr std::string_view kElsewhere = "192.168.7.1";
  static constexpr std::string_view kFurther = "192.168.7.2";

  // Needs root and ip(8); the error names what is missing.
  [[nodiscard]] static Result<std::unique_ptr<ForgedNetwork>> create();
  ForgedNetwork(const ForgedNetwork&) = delete;
  ForgedNetwork& operator=(const ForgedNetwork&) = delete;
  ~ForgedNetwork();

  // Adds a datagram to those that the next send() sends.
  void forge(const Endpoint& from, const Endpoint& to, std::string_view text);
  // Returns the number of datagrams that the kernel accepted.
  std::size_t send();

  // Bytes, with all headers, that left this machine over the link.
  [[nodiscard]] static std::uint64_t bytes_out();

 private:
  ForgedNetwork() = default;

  UniqueFd home_;  // the namespace that this process came from
  UniqueFd link_;  // packet socket
  std::vector<std::vector<std::byte>> frames_;
  std::size_t used_{0};
};

}  // namespace chatd::test
