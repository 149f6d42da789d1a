// How fast frames are read, and decoded:  bench_capture FILE [RUNS] [WINDOW]
// Times are CPU times, which other work on the machine disturbs least.

#include "capture/decoder.hpp"
#include "capture/file_reader.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

using namespace ikescope;

struct Counts {
    std::uint64_t frames = 0, isakmp = 0, esp = 0;
};

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

Counts run(const char* path, bool decode, std::size_t window) {
    auto reader = capture::FileReader::open(path, 0, window);
    if (!reader) {
        std::fprintf(stderr, "%s\n", reader.error().sentence.c_str());
        std::exit(2);
    }
    Counts counts;
    capture::Frame frame;
    capture::Datagram datagram;
    capture::Decoder decoder;
    while (reader->next(frame)) {
        ++counts.frames;
        if (!decode || !decoder.decode(frame, datagram)) continue;
        counts.isakmp += datagram.content == capture::Content::isakmp;
        counts.esp += datagram.content == capture::Content::esp;
    }
    return counts;
}

} // namespace

int main(int count, char** arguments) {
    if (count < 2) return 1;
    const int runs = count > 2 ? std::atoi(arguments[2]) : 5;
    const auto window = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : capture::Window::usual_size;
    for (const bool decode : {false, true}) {
        std::vector<double> seconds;
        Counts counts;
        for (int i = 0; i < runs; ++i) {
            const auto start = cpu_seconds();
            counts = run(arguments[1], decode, window);
            seconds.push_back(cpu_seconds() - start);
        }
        std::ranges::sort(seconds);
        const auto median = seconds[seconds.size() / 2];
        std::printf("%s: %.3f s, %.1f M frames/s, best %.1f (%llu frames, %llu isakmp, %llu esp)\n", decode ? "read and decode" : "read", median,
                    static_cast<double>(counts.frames) / median / 1e6, static_cast<double>(counts.frames) / seconds[0] / 1e6,
                    static_cast<unsigned long long>(counts.frames), static_cast<unsigned long long>(counts.isakmp),
                    static_cast<unsigned long long>(counts.esp));
    }
    return 0;
}
