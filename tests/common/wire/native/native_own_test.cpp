// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_own.hpp"

#include <array>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

constexpr std::string_view kKey = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
constexpr std::string_view kOther = "SHA256:AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

std::string text_of(const OwnRequest& request) {
  std::array<char, kMaxOwnRequestBytes> out{};
  return std::string{write_own_request(request, out)};
}
std::string text_of(const OwnAnswer& answer) {
  std::array<char, kMaxOwnBytes> out{};
  return std::string{write_own(answer, out)};
}

TEST(NativeOwn, ARequestIsReadAsItWasWritten) {
  const std::string claim = text_of({.act = OwnAct::claim, .label = "laptop"});
  const auto claimed = read_own_request(claim);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->act, OwnAct::claim);
  EXPECT_EQ(claimed->label, "laptop");

  const std::string use = text_of({.act = OwnAct::use, .code = 0xFEDC'BA98'7654'3210});
  EXPECT_EQ(read_own_request(use).value().code, 0xFEDC'BA98'7654'3210);

  const std::string answer = text_of({.act = OwnAct::answer, .yes = true, .key = kKey});
  EXPECT_TRUE(read_own_request(answer).value().yes);
  EXPECT_EQ(read_own_request(answer).value().key, kKey);

  const std::string drop = text_of({.act = OwnAct::drop, .key = kOther});
  EXPECT_EQ(read_own_request(drop).value().key, kOther);
  for (const OwnAct act : {OwnAct::add, OwnAct::keys, OwnAct::release}) {
    EXPECT_EQ(read_own_request(text_of(OwnRequest{.act = act})).value().act, act);
  }
}

TEST(NativeOwn, TheLongestRequestFits) {
  const std::string label(kMaxDeviceLabelBytes, 'x');
  EXPECT_NE(text_of({.act = OwnAct::use, .code = 1, .label = label}), "");
  EXPECT_EQ(text_of({.act = OwnAct::drop, .key = kKey, .label = label}).size(),
            kMaxOwnRequestBytes);
}

TEST(NativeOwn, ARequestOfAnotherSizeOrActIsNone) {
  const std::string text = text_of({.act = OwnAct::use, .code = 7, .label = "x"});
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(read_own_request(std::string_view{text}.substr(0, size))) << size;
  }
  EXPECT_FALSE(read_own_request(text + 'x'));
  for (const unsigned act : {0U, 8U, 255U}) {
    EXPECT_FALSE(read_own_request(text_of(OwnRequest{.act = OwnAct(act)}))) << act;
  }
}

TEST(NativeOwn, AFieldThatDoesNotBelongToTheActIsRefused) {
  EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::keys, .yes = true})));
  EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::claim, .code = 1})));
  EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::release, .key = kKey})));
  EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::add, .label = "x"})));
}

TEST(NativeOwn, AKeyIsAFingerprintAndALabelIsPrintable) {
  EXPECT_EQ(kKey.size(), kFingerprintBytes);
  for (const std::string_view key :
       {std::string_view{}, kKey.substr(1), kKey.substr(0, 49),
        std::string_view{"SHA256:47DEQpj8HBSa\n/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}}) {
    EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::drop, .key = key}))) << key;
  }
  for (const std::string_view label : {"a\tb", "a\nb", "\x1b[2J", "\xff", "\u202e"}) {
    EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::claim, .label = label})));
  }
  const std::string long_label(kMaxDeviceLabelBytes + 1, 'x');
  EXPECT_FALSE(read_own_request(text_of({.act = OwnAct::claim, .label = long_label})));
  EXPECT_TRUE(read_own_request(text_of({.act = OwnAct::claim, .label = "书房 的 电脑"})));
}

TEST(NativeOwn, AnAnswerHasAFactForEachFieldThatIsSet) {
  EXPECT_EQ(
      text_of(OwnAnswer{.event = OwnEvent::code, .code = 0x0123'4567'89AB'CDEF, .seconds = 600}),
      "event\tcode\ncode\t0123456789abcdef\nseconds\t600");
  EXPECT_EQ(text_of(OwnAnswer{.event = OwnEvent::released, .saved = false}),
            "event\treleased\nsaved\tno");
  OwnAnswer answer{.event = OwnEvent::keys};
  answer.keys[answer.key_count++] = {.key = kKey, .since = 12, .is_this = true, .label = "my pc"};
  answer.keys[answer.key_count++] = {.key = kOther, .since = 13};
  const std::string text = text_of(answer);
  EXPECT_EQ(text, "event\tkeys\nkey\t" + std::string{kKey} + "\t12\tthis\tmy pc\nkey\t" +
                      std::string{kOther} + "\t13\t-\t");
  const OwnAnswer read = read_own(text);
  EXPECT_EQ(read.event, OwnEvent::keys);
  ASSERT_EQ(read.key_count, 2);
  EXPECT_EQ(read.keys[0].label, "my pc");
  EXPECT_TRUE(read.keys[0].is_this);
  EXPECT_EQ(read.keys[1].key, kOther);
  EXPECT_EQ(read.keys[1].since, 13);
  EXPECT_FALSE(read.keys[1].is_this);
}

TEST(NativeOwn, TheLongestAnswerFits) {
  const std::string label(kMaxDeviceLabelBytes, 'x');
  OwnAnswer answer{.event = OwnEvent::declined,
                   .code = 1,
                   .seconds = 0xFFFF'FFFF,
                   .device = kKey,
                   .label = label,
                   .saved = true};
  for (OwnKey& key : answer.keys) {
    key = {.key = kKey,
           .since = std::numeric_limits<std::int64_t>::max(),
           .is_this = true,
           .label = label};
    ++answer.key_count;
  }
  EXPECT_EQ(read_own(text_of(answer)).key_count, kMaxKeysOfName);
  EXPECT_EQ(read_own(text_of(answer)).keys.back().label, label);
}

TEST(NativeOwn, EachEventHasItsWord) {
  for (unsigned event = 1; event <= static_cast<unsigned>(OwnEvent::released); ++event) {
    EXPECT_NE(word_of(OwnEvent(event)), "") << event;
    EXPECT_EQ(read_own(text_of(OwnAnswer{.event = OwnEvent(event)})).event, OwnEvent(event));
  }
  EXPECT_EQ(word_of(OwnEvent::none), "");
}

TEST(NativeOwn, FactsWithoutTheirFormAreLeftOut) {
  const OwnAnswer answer = read_own(
      "event\tgone\ncode\t123\nseconds\t-4\nsaved\tperhaps\nkey\tme\t1\tthis\t\ndevice\ta\x1b["
      "2J\nnew\t1");
  EXPECT_EQ(answer.event, OwnEvent::none);
  EXPECT_EQ(answer.code, 0U);
  EXPECT_EQ(answer.seconds, 0U);
  EXPECT_FALSE(answer.saved);
  EXPECT_EQ(answer.key_count, 0);
  EXPECT_EQ(answer.device, "");
}

TEST(NativeOwn, MoreKeysThanANameCanHaveAreLeftOut) {
  std::string text = "event\tkeys";
  for (int key = 0; key < 20; ++key) text += "\nkey\t" + std::string{kKey} + "\t1\t-\tx";
  EXPECT_EQ(read_own(text).key_count, kMaxKeysOfName);
}

TEST(NativeOwn, AQuestionIsReadAsItWasWritten) {
  std::array<char, kMaxOwnBytes> out{};
  const DeviceQuestion question{
      .key = kKey, .address = "2001:db8::1", .label = "phone", .seconds = 540};
  const DeviceQuestion read = read_device(write_device(question, out));
  EXPECT_EQ(read.key, question.key);
  EXPECT_EQ(read.address, question.address);
  EXPECT_EQ(read.label, question.label);
  EXPECT_EQ(read.seconds, question.seconds);
}

TEST(NativeOwn, ACodeIsTypedInAnyCaseWithDashesAndBlanksOrWithout) {
  const auto typed = typed_code(0x0123'4567'89AB'CDEF);
  const std::string_view text{typed.data(), typed.size()};
  EXPECT_EQ(text, "0123-4567-89ab-cdef");
  for (const std::string_view code :
       {text, std::string_view{"0123456789ABCDEF"}, std::string_view{" 0123 4567 89ab CDEF"}}) {
    EXPECT_EQ(read_typed_code(code), 0x0123'4567'89AB'CDEF) << code;
  }
  for (const std::string_view wrong : {"", "0123-4567-89ab-cde", "0123-4567-89ab-cdef0",
                                       "0123-4567-89ab-cdeg", "add", "+123456789abcdef"}) {
    EXPECT_FALSE(read_typed_code(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace chatd::wire
