// SPDX-License-Identifier: GPL-3.0-or-later
// sentences.hpp — the list of the sentences that uchat prints for its user.
//
// Runs in: both processes of uchat.
// Shape:   behind each one the values that stand for its {}.
// See:     words.hpp, which has their texts.
#pragma once

#include <cstdint>

namespace chatd::client {

enum class Words : std::uint8_t {
  joined,             // {}: name
  left,               // {}
  crowd_both,         // {}: number that joined {}: number that left
  crowd_joined,       // {}: number
  crowd_left,         // {}: number
  removed,            // {}
  removed_because,    // {} {}: reason
  announcement,       // {}: text
  direct_from,        // {}: name
  direct_to,          // {}
  welcome,            // {}: own name {}: server
  resumed,            // {}: own name
  earlier,            // over the replay
  now,                // below it
  first_contact,      // {}: host {}: fingerprint {}: file
  room_lost_lines,    // the log of the server overwrote them
  new_history,        // the server has started without its old state
  terminal_missed,    // {}: number
  reconnecting,       // in the prompt
  reconnecting_for,   // {}: seconds, in the prompt
  connecting,         // in the prompt
  sending,            // {}: number, in the prompt
  back,               // {}: seconds
  server_stopped,     // uchat goes on trying
  room_joined,        // {}: room
  room_topic,         // {}: room {}: topic {}: by whom, and when
  room_left,          // {}: room
  room_removed,       // {}: room {}: reason; by another user, or the room was dropped
  room_not_joined,    // as room_removed; the room could not be joined again after an interruption
  room_gone,          // {}: room
  rooms_here,         // {}: number of rooms, not 1
  rooms_here_one,     //
  room_members,       // {}: number of members, not 1
  room_members_one,   //
  no_topic,           //
  topic_is,           // {}: topic {}: by whom, and when
  topic_set,          // {}: by whom {}: topic
  topic_removed,      // {}: by whom
  administrator,      // in place of a name
  invited_to,         // {}: by whom {}: room
  room_made,          // {}: time
  room_owners,        // {}: names
  room_moderators,    // {}: names
  is_banned,          // {}: name; `until`, `by` and `because` follow
  is_muted,           // as is_banned
  is_invited,         // as is_banned
  banned,             // the reason of a removal; `until` and `because` follow
  you_are_muted,      // as banned
  for_duration,       // {}: duration; behind a sentence
  until,              // {}: time; behind a sentence
  unknown_time,       // in place of a time that is not possible
  by,                 // {}: name; behind a sentence
  because,            // {}: reason; behind a sentence
  other_program,      // {}: address
  programs_here,      // {}: number of programs, not 1
  programs_here_one,  //
  program_since,      // {}: time
  program_silent,     // {}: duration
  this_program,       // in a list of programs
  program_ended,      // {}: number of a program
  whois_key,          // {}: fingerprint
  whois_text,         // a text member
  whois_programs,     // {}: number of programs
  whois_rooms,        // {}: rooms
  whois_more_rooms,   // {}: number, behind the rooms
  is_away,            // {}: name
  is_away_text,       // {}: name {}: text
  you_are_away,       //
  you_are_away_text,  // {}: text
  you_are_back,       //
  no_room_number,     //
  default_room,       // the user wants to leave it
  not_done,           // {}: why {}: command
  not_sent,           // {}: why {}: text
  text_too_long,      // {}: number {}: number of all characters
  unknown_command,    // {}: command
  wants_text,         // {}: usage of a command; see usage_words()
  wants_time,         // as wants_text, of a command with a TIME
  wants_value,        // as wants_text, of the command that sets a property
  not_connected_yet,  //
  ask_name,           // prompt
  ask_password,       // prompt
  ask_key,            // prompt
  new_key,            // {}: host {}: fingerprint
  say_yes_or_no,      //
  unconfirmed,        // {}: number, not 1
  unconfirmed_one,    //
  progress,           // {}: number {}: number; of an input that is not typed
  not_entered,        // the input line when the session ended
  lines_typed,        // {}: number; in place of the hidden part of the input line
  you_left,           //
  help_title,
  help_foot,
  session_crashed,  // {}: how
  terminal_crashed,
  key_changed,       // {}: line {}: file {}: server {}: fingerprint
  key_mismatch,      // {}: fingerprint {}: the demanded one
  key_not_kept,      // {}: server {}: fingerprint {}: why
  refused_port,      // {}: address
  silent_for,        // {}: seconds
  not_confirmed,     // it may have been carried out
  name_has_unseen,   // {}: U+200B
  say_where,         // {}: how to write it
  say_where_behind,  // {}: how to write it
  say_what,          // {}: how to write it
  two_names,         // {}: name {}: name
  no_name_in_front,
  no_host,  // {}: text {}: why
  host_empty,
  host_begins_so,
  host_has_space,
  host_has_control,
  host_has,        // {}: character
  no_bracket,      // {}: text
  no_colon_port,   // {}: text
  no_port,         // {}: text
  value_empty,     // {}: behind an option
  value_one_of,    // {}: words {}: value
  value_from_to,   // {}: least {}: most {}: value
  value_missing,   // {}: option
  no_fingerprint,  // {}: value
  words_too_many,  // {}: words
  see_help,        // {}: what is wrong {}: command
  no_folder,
  stdin_empty,
  stdout_closed,
  stdout_unwritable,
  read_password,    // {}: file
  no_password_in,   // {}: file
  password_open,    // {}: file {}: mode
  password_long,    // {}: file {}: bytes
  read_file,        // {}: file
  cannot_read,      // {}: file
  known_by_others,  // {}: file {}: mode
};

}  // namespace chatd::client
