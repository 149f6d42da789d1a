#pragma once
// The conductor: finds the SA of a message, hands it to the tracker of its version, keeps the books.

#include "session/esp_sas.hpp"
#include "session/ike_fragments.hpp"
#include "session/ikev1_opener.hpp"
#include "session/ikev2_fragments.hpp"
#include "session/ikev2_opener.hpp"
#include "session/legality.hpp"
#include "session/pools.hpp"
#include "session/sa_table.hpp"
#include "session/sessions.hpp"

namespace ikescope::session {

/// A message on its way through a tracker.
struct Arrival {
    const capture::Frame& frame;
    const capture::Datagram& datagram;
    const dissect::Message& message; ///< clear walk of the datagram, or of what fragments were put together to
    std::uint64_t fingerprint;
    const std::vector<std::uint64_t>* fragments = nullptr;
};

class Core {
public:
    Core(const secrets::Store& store, Options options);

    const Outcome& add(const capture::Frame& frame, const capture::Datagram& datagram);
    void finish();
    std::vector<Sessions::LooseEsp> loose_esp() const;

    Sa describe(std::size_t index) const;
    std::vector<UnusableSecret> unusable() const;

    const secrets::Store& store;
    const Options options;
    Pools pools;
    Tracks tracks;
    SaTable table{tracks};
    ikev1::Opener opener;
    ikev2::Opener opener2;
    EspSas esp;
    SkFragments pieces;
    std::unordered_map<std::string, std::uint32_t> tickets; ///< of sessions to resume (RFC 5723): whose they are
    Sessions::Totals totals;
    Outcome outcome;

    /// The side that sent a message, by how its endpoints were seen before. Learns new endpoints.
    Side side_by_route(Track& track, const capture::Datagram& datagram);
    std::uint8_t route(Track& track, const capture::Datagram& datagram, Side from);
    /// A record with what every message has.
    Record record(Track& track, const Arrival& arrival, Side from);
    /// The latest message of that side with the same bytes; nothing among the last 64.
    std::optional<std::uint32_t> find_copy(const Track& track, std::uint64_t fingerprint, Side from) const;
    /// The first message of that side with this label and message id, encrypted like the present one: a message in the clear
    /// does not take the place of an encrypted one, nor the reverse, for anybody could have sent it.
    std::optional<std::uint32_t> find_first(const Track& track, Label label, std::uint32_t message_id, Side from) const;
    /// Moves the SA on and tells the outcome.
    void move(Track& track, Event event);
    /// Puts a record into the books and the outcome.
    void enter(std::uint32_t track, Record record, const Arrival& arrival);
    /// Makes the record a repetition of an earlier one.
    void repeat(const Track& track, Record& record, std::uint32_t first);
    void say(std::uint32_t track, std::string sentence);
    /// The IKE SA that a rekeying of another one makes: known from now on by its SPIs. `none` when it is known already.
    std::uint32_t succeed(std::uint32_t old, const Spi& initiator, const Spi& responder, Side began,
                          const Record& record);

private:
    void unusable_dh(std::vector<UnusableSecret>& all) const;
    std::map<std::size_t, bool> may_be_pfs() const;
    bool checked_with(const Secret& psk) const;
    bool only_ikev1() const;
    void half_used(std::size_t index, std::vector<UnusableSecret>& all) const;
    void unusable_finished(std::vector<UnusableSecret>& all) const;
    void unusable_esp(std::vector<UnusableSecret>& all) const;
    std::uint32_t find_or_create(const dissect::Message& message, const capture::Frame& frame,
                                 const capture::Datagram& datagram);
    std::uint32_t create(const dissect::Message& message, const capture::Frame& frame,
                         const capture::Datagram& datagram);
    std::uint32_t answer(std::uint32_t asked, const dissect::Header& header);
    std::uint32_t remember_last();
    void take(std::uint32_t track, const Arrival& arrival);
    const Outcome& add_esp(const capture::Datagram& datagram);
    void take_fragment(std::uint32_t track, const Arrival& arrival);
    void shed_oldest();

    dissect::Message message_, whole_;
    Legality legality_;
    IkeFragments fragments_;
    std::optional<IkeFragments::Whole> assembled_;
    std::size_t next_to_shed_ = 0, detailed_ = 0;
};

/// 64 bits of a message's bytes, to know a repetition again.
std::uint64_t fingerprint(Bytes bytes);

namespace ikev1 {
void take(Core& core, std::uint32_t track, const Arrival& arrival);
/// A second answer to one offer begins an SA of its own: it needs what the offer said.
void inherit_offer(Track& twin, const Track& first);
} // namespace ikev1
namespace ikev2 {
void take(Core& core, std::uint32_t track, const Arrival& arrival);
void inherit_offer(Track& twin, const Track& first);
} // namespace ikev2

} // namespace ikescope::session
