// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/server.hpp"

#include "common/http/server_impl.hpp"

namespace chatd::http {

Exchange::Exchange(std::shared_ptr<State> state) noexcept : state_{std::move(state)} {}
Exchange::Exchange(Exchange&&) noexcept = default;
Exchange& Exchange::operator=(Exchange&& other) noexcept {
  if (this == &other) return *this;
  Exchange before{std::move(state_)};
  state_ = std::move(other.state_);
  return *this;
}

Exchange::~Exchange() {
  if (state_) state_->answer(busy_response());
}

const Request& Exchange::request() const noexcept { return state_->request(); }
void Exchange::answer(const Response& response) { state_->answer(response); }
UniqueFd Exchange::take_socket() { return state_->take_socket(); }
bool Exchange::is_gone() const noexcept { return state_->is_over(); }

Server::Server(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

Result<Server> Server::create(io::EventLoop& loop, const std::vector<int>& sockets,
                              const Limits& limits, Rules rules, Handler handler) {
  auto impl = std::make_unique<Impl>(loop, limits, std::move(rules), std::move(handler));
  if (auto done = impl->open(sockets); !done) return fail(done.error());
  return Server{std::move(impl)};
}

std::size_t Server::connections() const noexcept { return impl_->connections(); }

}  // namespace chatd::http
