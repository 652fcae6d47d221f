// SPDX-License-Identifier: GPL-3.0-or-later
// file_words.hpp — an error of a file in the user's language.
//
// Runs in:   both processes of uchat. Pure.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// The message of the error; in Chinese, what failed and the text of its errno are translated:
// "make the key file F: Permission denied" is "创建密钥文件 F：权限不够", and what is wrong with a
// key file. Other text stays as it is.
[[nodiscard]] std::string file_error(wire::Language language, const Error& error);

// How a process ended, as SessionProcess::how_it_ended() says it: "signal 9" is "信号 9".
[[nodiscard]] std::string how_ended(wire::Language language, std::string_view how);

}  // namespace chatd::client
