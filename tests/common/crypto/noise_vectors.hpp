// SPDX-License-Identifier: GPL-3.0-or-later
// noise_vectors.hpp — published handshakes of our two Noise protocols.
//
// Runs in:   test programs.
// Source:    vectors.txt of github.com/flynn/noise 1.0.0 (Debian's package
//            golang-github-flynn-noise-dev), Copyright 2015 Prime Directive, BSD-3-Clause;
//            the entries of these names. Messages 0 to 2 are the handshake; 3 and 4 are the
//            first transport message of the initiator and of the responder.
#pragma once

#include <array>
#include <string_view>

namespace chatd::crypto {

inline constexpr std::string_view kInitiatorStatic =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
inline constexpr std::string_view kResponderStatic =
    "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
inline constexpr std::string_view kInitiatorEphemeral =
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
inline constexpr std::string_view kResponderEphemeral =
    "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60";

struct NoiseVector {
  struct Message {
    std::string_view payload;
    std::string_view ciphertext;
  };
  std::string_view protocol;
  std::string_view prologue;
  std::string_view password;
  std::array<Message, 5> messages;
};

inline constexpr std::array<NoiseVector, 4> kNoiseVectors{{
    {.protocol = "Noise_XX_25519_AESGCM_SHA256",
     .prologue = "",
     .password = "",
     .messages = {{
         {"", "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254"},
         {"",
          "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484665393019dbd6f4387"
          "95da206db0886610b26108e424142c2e9b5fd1f7ea70cde8767ce62d7e3c0e9bcefe4ab872c0505b"
          "9e824df091b74ffe10a2b32809cab21f"},
         {"",
          "e610eadc4b00c17708bf223f29a66f02342fbedf6c0044736544b9271821ae40e70144cecd9d265d"
          "ffdc5bb8e051c3f83db32a425e04d8f510c58a43325fbc56"},
         {"79656c6c6f777375626d6172696e65",
          "9ea1da1ec3bfecfffab213e537ed1791bfa887dd9c631351b3f63d6315ab9a"},
         {"7375626d6172696e6579656c6c6f77",
          "217c5111fad7afde33bd28abaff3def88a57ab50515115d23a10f28621f842"},
     }}},
    {.protocol = "Noise_XX_25519_AESGCM_SHA256",
     .prologue = "6e6f74736563726574",
     .password = "",
     .messages = {{
         {"746573745f6d73675f30",
          "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254746573745f6d7367"
          "5f30"},
         {"746573745f6d73675f31",
          "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484665393019dbd6f4387"
          "95da206db0886610b26108e424142c2e9b5fd1f7ea70cde847f6866f15c3cd3f864f7ed682f1711a"
          "4917917195c8cf360e080035dfa88af5c6e9b820278e6016f7d7"},
         {"746573745f6d73675f32",
          "e610eadc4b00c17708bf223f29a66f02342fbedf6c0044736544b9271821ae403bbe475185a4a265"
          "a50e1d43bdaeee7fe070c07602c6b84d25a3b4064af5be30115a052069038f5002a3"},
         {"79656c6c6f777375626d6172696e65",
          "9ea1da1ec3bfecfffab213e537ed1791bfa887dd9c631351b3f63d6315ab9a"},
         {"7375626d6172696e6579656c6c6f77",
          "217c5111fad7afde33bd28abaff3def88a57ab50515115d23a10f28621f842"},
     }}},
    {.protocol = "Noise_XXpsk3_25519_AESGCM_SHA256",
     .prologue = "",
     .password = "2176657279736563726574766572797365637265747665727973656372657421",
     .messages = {{
         {"",
          "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254e3443cc5cde4af71"
          "a33c6b56cbc00ea8"},
         {"",
          "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466bb1259f77345353d"
          "70dcef1e97d161dd9c3324e72b46203ebe87dcb40159eb6683aae01b5e9a0d3b45f0cc22a1eba217"
          "aa52f541c089a733541cbace7919e264"},
         {"",
          "a702c30239110afbb8afacb639f961e5c2574c3fe59ee6069c0f5f5414ea249379e58f0d514bb0f2"
          "77ffe5ae6e6aecf9f4c58681a8586ac9878e6b9a086f4e40"},
         {"79656c6c6f777375626d6172696e65",
          "187cadad4158250d0af49c2aea3bedc34aee2cc962336fbe649527ca78e48c"},
         {"7375626d6172696e6579656c6c6f77",
          "91de652b73884e25506003fe72969748b9092a4518be9c6e4911a52b60375f"},
     }}},
    {.protocol = "Noise_XXpsk3_25519_AESGCM_SHA256",
     .prologue = "6e6f74736563726574",
     .password = "2176657279736563726574766572797365637265747665727973656372657421",
     .messages = {{
         {"746573745f6d73675f30",
          "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd1662545d791aebd7b1ff3a"
          "73ba67c693699d548895df3e86b1204b11fe"},
         {"746573745f6d73675f31",
          "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466bb1259f77345353d"
          "70dcef1e97d161dd9c3324e72b46203ebe87dcb40159eb6603c900a563c48b22719b49f31437cfe9"
          "b1bfa8057f6e8f62584a5a0257c9eede97ecbafd2890e6551923"},
         {"746573745f6d73675f32",
          "a702c30239110afbb8afacb639f961e5c2574c3fe59ee6069c0f5f5414ea2493462db30239ac36a9"
          "b70292f81f30fb9d3e3be30d1cb36cf2cd66b2c4bb6a84a19a1a06ab7ba66b78b51d"},
         {"79656c6c6f777375626d6172696e65",
          "187cadad4158250d0af49c2aea3bedc34aee2cc962336fbe649527ca78e48c"},
         {"7375626d6172696e6579656c6c6f77",
          "91de652b73884e25506003fe72969748b9092a4518be9c6e4911a52b60375f"},
     }}},
}};

}  // namespace chatd::crypto
