// SPDX-License-Identifier: GPL-3.0-or-later
// routes.hpp — the requests that this process answers: one table.
//
// Runs in:   web. Pure.
// See:       chatd-web(7), which a test holds to the table.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <string_view>

#include "common/http/message.hpp"
#include "daemon/web/codes.hpp"

namespace chatd::web {

enum class Route : std::uint8_t {
  page,
  file,  // of the page
  room,
  health,
  enter,
  events,
  command,
  users,
  rooms,
  history,
  search,
  leave,
};

struct RouteRow {
  Route route;
  http::Method method;
  std::string_view path;   // ends in '/' and is not "/": what the paths begin with
  bool takes_head{false};  // also the method HEAD
};
inline constexpr std::array kRoutes{
    RouteRow{Route::page, http::Method::get, "/", true},
    RouteRow{Route::file, http::Method::get, "/a/", true},
    RouteRow{Route::room, http::Method::get, "/api/room", true},
    RouteRow{Route::health, http::Method::get, "/healthz", true},
    RouteRow{Route::enter, http::Method::post, "/api/session"},
    RouteRow{Route::events, http::Method::get, "/api/events"},
    RouteRow{Route::command, http::Method::post, "/api/commands"},
    RouteRow{Route::users, http::Method::get, "/api/users"},
    RouteRow{Route::rooms, http::Method::get, "/api/rooms"},
    RouteRow{Route::history, http::Method::get, "/api/history"},
    RouteRow{Route::search, http::Method::get, "/api/search"},
    RouteRow{Route::leave, http::Method::remove, "/api/session"},
};

[[nodiscard]] constexpr std::string_view path_of(Route route) {
  return std::ranges::find(kRoutes, route, &RouteRow::route)->path;
}

// Error: nothing is at this path, or it takes other methods.
[[nodiscard]] constexpr std::expected<Route, http::Code> find_route(http::Method method,
                                                                    std::string_view path) {
  http::Code fault = code::kNotFound;
  for (const RouteRow& row : kRoutes) {
    const bool is_folder = row.path.size() > 1 && row.path.ends_with('/');
    if (is_folder ? !path.starts_with(row.path) : path != row.path) continue;
    if (method == row.method || (row.takes_head && method == http::Method::head)) return row.route;
    fault = code::kBadMethod;
  }
  return std::unexpected{fault};
}

}  // namespace chatd::web
