# SPDX-License-Identifier: GPL-3.0-or-later
# Which tests a build has. packaging/test gives CHATD_SHARE, a seed, to its two builds: then each test
# that both could run is in one of them only, and another seed gives another division. Without
# CHATD_SHARE a build has all of its tests. CHATD_DRIVERS is set in the sanitized build only.

# chatd_draw(number): a number from 0 to 65535 that only depends on the seed.
function(chatd_draw number)
  string(MD5 draw "${CHATD_SHARE}")
  string(SUBSTRING ${draw} 0 4 draw)
  math(EXPR draw "0x${draw}")
  set(${number} ${draw} PARENT_SCOPE)
endfunction()

# chatd_has_next(here): whether this build has the next test program. Of each three programs one is in
# the sanitized build and two are in the other one. Both builds ask for the same programs in the same
# order.
function(chatd_has_next here)
  set(${here} TRUE PARENT_SCOPE)
  if("${CHATD_SHARE}" STREQUAL "")
    return()
  endif()
  get_property(count GLOBAL PROPERTY chatd_programs_shared)
  if(NOT count)
    set(count 0)
  endif()
  chatd_draw(draw)
  math(EXPR turn "(${count} + ${draw}) % 3")
  math(EXPR count "${count} + 1")
  set_property(GLOBAL PROPERTY chatd_programs_shared ${count})
  if((turn EQUAL 0 AND NOT CHATD_DRIVERS) OR (NOT turn EQUAL 0 AND CHATD_DRIVERS))
    set(${here} FALSE PARENT_SCOPE)
  endif()
endfunction()

# chatd_half(first step): this build has the tests number first, first + step, first + 2 * step ... of a
# program that runs the programs of both builds. Step is 2, or 1 without CHATD_SHARE.
function(chatd_half first step)
  set(${first} 0 PARENT_SCOPE)
  set(${step} 1 PARENT_SCOPE)
  if("${CHATD_SHARE}" STREQUAL "")
    return()
  endif()
  chatd_draw(draw)
  math(EXPR half "(${draw} / 3) % 2")  # not always the same with the same third
  if(CHATD_DRIVERS)
    math(EXPR half "1 - ${half}")
  endif()
  set(${first} ${half} PARENT_SCOPE)
  set(${step} 2 PARENT_SCOPE)
endfunction()
