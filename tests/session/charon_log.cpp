#include "tests/session/charon_log.hpp"

#include "tests/session/support.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <sstream>

namespace ikescope::session::test {
namespace {

/// charon abbreviates notifications; ours are the registry's names (cli.md).
std::string registry_name(const std::string& charon) {
    static const std::map<std::string, std::string> names = {
        {"N(NATD_S_IP)", "N(NAT_DETECTION_SOURCE_IP)"}, {"N(NATD_D_IP)", "N(NAT_DETECTION_DESTINATION_IP)"},
        {"N(FRAG_SUP)", "N(IKEV2_FRAGMENTATION_SUPPORTED)"}, {"N(HASH_ALG)", "N(SIGNATURE_HASH_ALGORITHMS)"},
        {"N(REDIR_SUP)", "N(REDIRECT_SUPPORTED)"}, {"N(CHDLESS_SUP)", "N(CHILDLESS_IKEV2_SUPPORTED)"},
        {"N(MULT_AUTH)", "N(MULTIPLE_AUTH_SUPPORTED)"}, {"N(INIT_CONTACT)", "N(INITIAL_CONTACT)"},
        {"N(MOBIKE_SUP)", "N(MOBIKE_SUPPORTED)"}, {"N(NO_ADD_ADDR)", "N(NO_ADDITIONAL_ADDRESSES)"},
        {"N(ADD_4_ADDR)", "N(ADDITIONAL_IP4_ADDRESS)"}, {"N(EAP_ONLY)", "N(EAP_ONLY_AUTHENTICATION)"},
        {"N(MSG_ID_SYN_SUP)", "N(IKEV2_MESSAGE_ID_SYNC_SUPPORTED)"}, {"N(AUTH_FAILED)", "N(AUTHENTICATION_FAILED)"},
        {"N(NO_PROP)", "N(NO_PROPOSAL_CHOSEN)"}, {"N(TS_UNACCEPT)", "N(TS_UNACCEPTABLE)"},
        {"N(INVAL_KE)", "N(INVALID_KE_PAYLOAD)"}, {"N(PLD_MAL)", "N(PAYLOAD_MALFORMED)"},
        {"N(INVAL_ID)", "N(INVALID_ID_INFORMATION)"}};
    const auto at = names.find(charon);
    return at == names.end() ? charon : at->second;
}

} // namespace

std::vector<Logged> sent_messages(const std::string& scenario, const std::string& who) {
    std::vector<Logged> all;
    std::istringstream log(text_of_file(pcaps("lab/" + scenario + "/" + who + ".l4.log")));
    const std::regex pattern(R"(\[ENC\d?\] (?:<[^>]*> )?generating \S+ (?:request|response) (\d+) \[ (.*)\]$)");
    std::smatch found;
    for (std::string line; std::getline(log, line);) {
        if (line.find("generating ") == std::string::npos || !std::regex_search(line, found, pattern)) continue;
        Logged one{static_cast<std::uint32_t>(std::stoul(found[1])), {}};
        std::istringstream words(found[2]);
        for (std::string word; words >> word;) one.payloads.push_back(registry_name(word));
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<std::string> logged_values(const std::string& log, const std::string& label) {
    std::vector<std::string> values;
    std::istringstream lines(log);
    const std::regex head(R"(\[(?:IKE|CHD)\d?\] (?:<[^>]*> )?)" + label + R"( => (\d+) bytes)");
    const std::regex row(R"(\[(?:IKE|CHD)\d?\] (?:<[^>]*> )? *\d+: ((?:[0-9A-F]{2} ?){1,16}))");
    std::size_t wanted = 0;
    std::smatch found;
    for (std::string line; std::getline(lines, line);) {
        if (line.find(label + " => ") != std::string::npos && std::regex_search(line, found, head)) {
            wanted = std::stoul(found[1]);
            values.emplace_back();
        } else if (wanted > 0 && std::regex_search(line, found, row)) {
            auto digits = found[1].str();
            std::erase(digits, ' ');
            digits.resize(std::min(digits.size(), 2 * wanted));
            wanted -= digits.size() / 2;
            for (auto& digit : digits) digit = static_cast<char>(std::tolower(digit));
            values.back() += digits;
        }
    }
    return values;
}

std::string logged_value(const std::string& log, const std::string& label) {
    const auto values = logged_values(log, label);
    return values.empty() ? std::string() : values.front();
}

} // namespace ikescope::session::test
