// SPDX-License-Identifier: GPL-3.0-or-later
// entry_reasons.hpp — the rows of the reasons why a person may not enter: a ban, a closed door, an
// invitation code.
//
// Runs in:   gateway, worker, both processes of uchat. For reasons.cpp.
#pragma once

#include "common/wire/reason_rows.hpp"

namespace chatd::wire {

inline constexpr ReasonRow kBannedRow{
    .reason = Reason::banned,
    .outcome = Reason::banned,
    .code = "banned",
    .status = 21,
    .refuse = RefuseCode::banned,
    .refused = RefusalCode::banned,
    .with_text = true,
    .server = {.en = "You are banned from this server.", .zh = "您已被禁止进入这个服务器。"},
    .client = {.en = "you are banned from {host}: {detail}",
               .zh = "你已被禁止进入 {host}：{detail}"}};
inline constexpr ReasonRow kNotInvitedRow{
    .reason = Reason::not_invited,
    .outcome = Reason::not_invited,
    .code = "not_invited",
    .status = 26,
    .refused = RefusalCode::not_invited,
    .with_text = true,
    .server = {.en = "Only invited persons enter this server, with uchat and an invitation code.",
               .zh = "只有受邀的人才能进入这个服务器：请使用 uchat 和邀请码。"},
    .client = {.en = "{host} admits invited persons only: {detail}",
               .zh = "{host} 只允许受邀的人进入：{detail}"}};
inline constexpr ReasonRow kWrongCodeRow =
    run_ends(Reason::wrong_code, "wrong_code", 27,
             {.en = "the invitation code was mistyped, or is not one of {host}: it was not sent",
              .zh = "邀请码有误，或者不属于 {host}：没有发送"});
inline constexpr ReasonRow kNoSessionRow{
    .reason = Reason::no_session,
    .outcome = Reason::not_welcome,
    .code = "no_session",
    .server = {.en = "You are not in the room any more: enter again.",
               .zh = "您已不在聊天室，请重新进入。"}};
inline constexpr ReasonRow kCodeRefusedRow{
    .reason = Reason::code_refused,
    .outcome = Reason::not_invited,
    .server = {.en = "This invitation code is not valid, or not any more. Ask for another one.",
               .zh = "这个邀请码无效或已失效，请索取新的邀请码。"}};

}  // namespace chatd::wire
