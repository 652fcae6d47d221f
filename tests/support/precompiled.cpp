// SPDX-License-Identifier: GPL-3.0-or-later
// precompiled.cpp — empty; CMake requires a source file in the target of the precompiled header.
