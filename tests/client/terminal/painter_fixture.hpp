// SPDX-License-Identifier: GPL-3.0-or-later
// painter_fixture.hpp — painters of the user ada, for tests.
//
// Runs in:   test programs.
#pragma once

#include "client/terminal/painter.hpp"
#include "tests/client/in_utc.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {

class PainterTest : public InUtc {
 protected:
  PainterTest() {
    plain_.set_name("ada");
    colored_.set_name("ada");
  }
  Painter plain_{{.language = wire::Language::en, .host = "host:8888"}};
  Painter chinese_{{.language = wire::Language::zh}};
  Painter colored_{{.language = wire::Language::en, .colors = Colors::many}};
};

}  // namespace chatd::client
