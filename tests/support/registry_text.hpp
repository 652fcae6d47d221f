// SPDX-License-Identifier: GPL-3.0-or-later
// registry_text.hpp — rows of a registry, as texts, and the files that have them.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/store/database.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

// `more`: further members, as R"(,"properties":{...})".
inline std::string room_row(std::uint32_t id, std::string_view name, std::string_view more = "",
                            std::uint64_t born = 17) {
  return fmt::format(
      R"({{"id":{},"made":5000000,"empty_since":7,"maker_generation":3,"maker_end":80,)"
      R"("maker":"{:064x}","address":"00000000000000000000ffffc0000209","scope":0,"born":{},)"
      R"("maker_slot":3,"kept":1,"has_lines":1,"name":"{}"{}}})",
      id, 0xab, born, name, more);
}
// `kind` and `target`: the numbers of RuleKind and RuleTarget.
inline std::string rule_row(std::uint32_t id, int kind, int target, std::string_view more) {
  return fmt::format(
      R"({{"id":{},"kind":{},"target":{},"address":"{:032x}","scope":0,"made":5000000{}}})", id,
      kind, target, 0, more);
}
inline std::string properties(std::string_view topic, std::string_view more = "") {
  return fmt::format(R"({{"slow":0,"invited":false,"hidden":false,"lecture":false,"topic":"{}",)"
                     R"("topic_by":"ada","topic_set":6000000{}}})",
                     topic, more);
}

struct RegistryText {
  std::vector<std::string> rooms{};
  std::vector<std::string> rules{};
  std::string default_properties{};
  std::uint64_t last_room{0};
  std::uint64_t last_rule{0};
  std::uint64_t saved{4};
  std::uint64_t memory{99};

  [[nodiscard]] std::string document(int version = 1) const {
    return fmt::format(
        R"({{"version":{},"epoch":17,"saved":{},"memory":{},"rooms":[{}],)"
        R"("rules":[{}],{}"last_room":{},"last_rule":{}}})",
        version, saved, memory, fmt::join(rooms, ","), fmt::join(rules, ","),
        default_properties.empty() ? "" : fmt::format(R"("properties":{},)", default_properties),
        last_room, last_rule);
  }
  // registry.db with these rows.
  void write_database(const std::string& path, int version = 1) const {
    auto database = store::Database::open(path, std::uint64_t{1} << 30U);
    ASSERT_TRUE(database) << database.error().message();
    const auto run = [&](const std::string& sql) {
      const auto done = database->run(sql.c_str());
      ASSERT_TRUE(done) << done.error().message();
    };
    run("CREATE TABLE kept(list TEXT, place INTEGER, value TEXT, PRIMARY KEY(list, place)) STRICT;"
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY) STRICT;");
    run(fmt::format("PRAGMA user_version={}", version));
    run("BEGIN");
    int place = 0;
    for (const auto& row : rooms) add(*database, "rooms", place++, row);
    for (const auto& row : rules) add(*database, "rules", place++, row);
    if (!default_properties.empty()) add(*database, "properties", 0, default_properties);
    run(
        fmt::format("INSERT INTO meta VALUES('epoch',17),('saved',{}),('memory',{}),"
                    "('last_room',{}),('last_rule',{})",
                    saved, memory, last_room, last_rule));
    run("COMMIT");
  }

 private:
  static void add(store::Database& database, std::string_view list, std::int64_t place,
                  const std::string& value) {
    auto row = database.prepare("INSERT INTO kept VALUES(?1,?2,?3)");
    ASSERT_TRUE(row) << row.error().message();
    ASSERT_TRUE(row->bind(list, place, std::string_view{value}).run());
  }
};

}  // namespace chatd::test
