// The floor: libpcap's own loop over a file, counting UDP datagrams to the IKE ports and nothing else.

#include <cstdio>
#include <pcap/pcap.h>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_libpcap FILE\n");
        return 1;
    }
    char error[PCAP_ERRBUF_SIZE];
    pcap_t* file = pcap_open_offline(argv[1], error);
    if (file == nullptr) {
        std::fprintf(stderr, "bench_libpcap: %s\n", error);
        return 2;
    }
    unsigned long packets = 0, ike = 0;
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    while (pcap_next_ex(file, &header, &bytes) == 1) {
        ++packets;
        if (header->caplen < 42 || bytes[12] != 8 || bytes[13] != 0 || bytes[23] != 17) continue;
        const int port = bytes[36] << 8 | bytes[37];
        ike += port == 500 || port == 4500;
    }
    pcap_close(file);
    std::printf("%lu packets, %lu to the IKE ports\n", packets, ike);
    return 0;
}
