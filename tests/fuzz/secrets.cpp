// Any bytes as a file of secrets: no crash, no hang, bounded memory.

#include "secrets/read.hpp"

using namespace ikescope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = text_of({data, size});
    secrets::Store store;
    (void)secrets::read_secrets(text, "fuzz", store);
    secrets::read_psk_file(text, "fuzz", store);
    (void)secrets::secret_from_hex(text, "fuzz");
    return 0;
}
