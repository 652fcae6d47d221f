// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/routes.hpp"

#include <set>

#include <gtest/gtest.h>

#include "daemon/chat/admission.hpp"

namespace chatd::web {
namespace {

using http::Method;

TEST(RoutesTest, APathAndAMethodAreOneRoute) {
  for (const RouteRow& row : kRoutes) EXPECT_EQ(find_route(row.method, row.path), row.route);
  EXPECT_EQ(find_route(Method::get, "/a/0123/main.js"), Route::file);
  EXPECT_EQ(find_route(Method::post, "/api/session"), Route::enter);
  EXPECT_EQ(find_route(Method::remove, "/api/session"), Route::leave);
}

TEST(RoutesTest, OnlyWhatNeedsNoSessionTakesHead) {
  EXPECT_EQ(find_route(Method::head, "/"), Route::page);
  EXPECT_EQ(find_route(Method::head, "/healthz"), Route::health);
  EXPECT_EQ(find_route(Method::head, "/api/users").error(), code::kBadMethod);
  EXPECT_EQ(find_route(Method::head, "/api/session").error(), code::kBadMethod);
}

TEST(RoutesTest, OtherRequestsAreRefused) {
  EXPECT_EQ(find_route(Method::get, "/api/session").error(), code::kBadMethod);
  EXPECT_EQ(find_route(Method::post, "/").error(), code::kBadMethod);
  EXPECT_EQ(find_route(Method::other, "/api/commands").error(), code::kBadMethod);
  for (const char* path : {"/index.html", "//", "/a", "/api/", "/api/rooms/", ""}) {
    EXPECT_EQ(find_route(Method::get, path).error(), code::kNotFound) << path;
    EXPECT_EQ(find_route(Method::post, path).error(), code::kNotFound) << path;
  }
}

TEST(CodesTest, EachReasonOfARefusedEntryHasAStatus) {
  const auto has_status = [](wire::Reason reason) {
    return std::ranges::find(kReasonStatuses, reason, &ReasonStatus::reason) !=
           kReasonStatuses.end();
  };
  const chat::Attempt all{.ban = state::RuleIndex{},
                          .door_fault = wire::Reason::not_invited,
                          .name_fault = wire::Reason::name_empty,
                          .is_name_owned = true,
                          .is_name_taken = true,
                          .has_other_name = true,
                          .is_address_full = true,
                          .is_room_full = true};
  for (const chat::AdmissionCondition condition : chat::kAdmissionConditions) {
    const auto reason = condition(all);
    ASSERT_TRUE(reason) << "the attempt above has a new member that must be set";
    EXPECT_TRUE(has_status(*reason)) << wire::code_of(*reason);
  }
}

TEST(CodesTest, ACodeHasOneStatus) {
  std::set<std::string_view> codes;
  std::set<std::pair<std::string_view, int>> pairs;
  for (const ReasonStatus& row : kReasonStatuses) {
    codes.insert(wire::code_of(row.reason));
    pairs.emplace(wire::code_of(row.reason), row.status);
  }
  EXPECT_EQ(codes.size(), pairs.size());
  EXPECT_EQ(status_of(wire::Reason::muted), 403) << "a reason that is not in the table";
}

}  // namespace
}  // namespace chatd::web
