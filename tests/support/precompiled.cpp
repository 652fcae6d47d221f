// SPDX-License-Identifier: GPL-3.0-or-later
// precompiled.cpp — nothing; CMake wants a source in the target that the header is built for.
