// SPDX-License-Identifier: GPL-3.0-or-later
// own_words.hpp — the sentences about owned names, in both languages.
//
// Runs in:   uchat's terminal process. Pure.
// Shape:     behind each one the values that stand for its {}; see filled(). A caller that prints
//            one uses safe_text().
// See:       common/wire/reasons.hpp for the reasons why a request is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/member/event.hpp"
#include "common/wire/language.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

inline constexpr wire::Sentence kUserOwns{"(owned)", "（已登记）"};  // behind a name
inline constexpr wire::Sentence kOwnsName{"owns the name: no other key can have it",
                                          "拥有这个名字：别的密钥不能使用"};
// {}: name
inline constexpr wire::Sentence kClaimed{
    "{} is your name now: nobody else can use it here, with another key or from a text client",
    "{} 现在是你的名字：别人用其他密钥或文本客户端都不能使用它"};
inline constexpr wire::Sentence kClaimedHow{
    "/own add adds another device of yours; with one device, the name is lost if its key is lost",
    "/own add 可添加你的另一台设备；只有一台设备时，密钥丢失，名字也就丢失"};
// {}: code {}: duration
inline constexpr wire::Sentence kCode{"the code is {}; one device can use it, within {}",
                                      "代码是 {}；只能由一台设备使用，{}内有效"};
// {}: code {}: name {}: server
inline constexpr wire::Sentence kCodeHow{
    "on the other device: /own {0} in uchat, or uchat own {1}@{2} {0} in a shell; then you are "
    "asked here",
    "在另一台设备上：在 uchat 中输入 /own {0}，或在命令行输入 uchat own {1}@{2} {0}；"
    "然后这里会询问你"};
// {}: name {}: duration
inline constexpr wire::Sentence kAsked{
    "the code is right; a device that has the name {} is asked: say yes there, within {}",
    "代码正确；正在询问拥有名字 {} 的设备：请在 {} 内到那里回答 yes"};
inline constexpr wire::Sentence kThisKey{"the key of this device is {}", "本设备的密钥是 {}"};
// {}: name {}: address
inline constexpr wire::Sentence kDeviceAsks{"a device at {1} wants to have your name {0}",
                                            "{1} 的一台设备想使用你的名字 {0}"};
inline constexpr wire::Sentence kDeviceLabel{"it calls itself {}", "它自称 {}"};
inline constexpr wire::Sentence kDeviceKey{"its key is {}", "密钥 {}"};
inline constexpr wire::Sentence kAskDevice{"is it your device (yes/no)? ",
                                           "是你的设备吗（yes/no）？"};  // prompt
inline constexpr wire::Sentence kAskDrop{"remove the key {} from {} (yes/no)? ",
                                         "从 {1} 移除密钥 {0} 吗（yes/no）？"};  // prompt
inline constexpr wire::Sentence kAskRelease{"give up the name {} (yes/no)? ",
                                            "放弃名字 {} 吗（yes/no）？"};  // prompt
inline constexpr wire::Sentence kAnswerYesOrNo{"type yes or no", "请输入 yes 或 no"};
// {}: name
inline constexpr wire::Sentence kThisAdded{"this device has the name {} now",
                                           "本设备现在拥有名字 {}"};
inline constexpr wire::Sentence kThisDeclined{
    "no device has said yes; for another try, /own add there makes another code",
    "没有设备回答 yes；如需重试，请在那里用 /own add 生成新代码"};
// {}: key {}: name
inline constexpr wire::Sentence kDeviceAdded{"the device with the key {} has the name {} now",
                                             "密钥为 {} 的设备现在拥有名字 {}"};
inline constexpr wire::Sentence kDeviceDeclined{"the device with the key {} was not added to {}",
                                                "密钥为 {} 的设备没有添加到 {}"};
inline constexpr wire::Sentence kKeyDropped{"the key {} does not belong to {} any more",
                                            "密钥 {} 不再属于 {}"};
inline constexpr wire::Sentence kReleased{"{} is not your name any more", "{} 不再是你的名字"};
inline constexpr wire::Sentence kKeysOf{"keys of the name {}: {}",
                                        "名字 {} 的密钥：{} 个"};  // {}: number
inline constexpr wire::Sentence kKeySince{"since {}", "添加于 {}"};
inline constexpr wire::Sentence kKeyIsThis{"this device", "本设备"};
inline constexpr wire::Sentence kNoKeyBegins{"no key of the name begins with {}",
                                             "这个名字没有以 {} 开头的密钥"};
inline constexpr wire::Sentence kSomeKeysBegin{"several keys of the name begin with {}",
                                               "这个名字有多个以 {} 开头的密钥"};
inline constexpr wire::Sentence kOwnNotSaved{"; it is in force, but not on the server's disk yet",
                                             "；已生效，但尚未写入服务器的磁盘"};

// The news as lines without a mark in front; the first one is the headline. `is_this`: an `added`
// or a `declined` is about this device. None: nothing to show. `host`: the server, as it was typed.
[[nodiscard]] std::vector<std::string> own_lines(wire::Language language, const OwnNews& news,
                                                 bool is_this, std::string_view host);
// The device that asks.
[[nodiscard]] std::vector<std::string> device_lines(wire::Language language,
                                                    const DeviceAsks& asks);

// The fingerprint of the only key among these that begins with `typed`, with or without "SHA256:".
struct KeyChoice {
  std::string key{};         // "": none, or several
  bool is_ambiguous{false};  // several
};
[[nodiscard]] KeyChoice choose_key(const wire::OwnAnswer& answer, std::string_view typed);

}  // namespace chatd::client
