#pragma once

#ifndef IKESCOPE_VERSION
#define IKESCOPE_VERSION "0.1.0" // as in CMakeLists.txt
#endif
