#pragma once
// Small steps that the readers of lists and of notify, EAP and configuration data are made of: read a field from the
// cursor and, when a tree is wanted, add its node.

#include "dissect/dialect.hpp"
#include "dissect/fields.hpp"
#include "dissect/ikev2.hpp"

namespace ikescope::dissect::ikev2 {

/// Reads and explains fields one after the other; after a fault nothing more is added.
struct Reader {
    Cursor& in;
    Tree* tree;

    std::uint64_t number(const Field& field, std::size_t width) const {
        const auto at = in.offset();
        const auto value = in.number(width, field.label);
        if (tree && !in.fault()) tree->add(field, at, width, value);
        return value;
    }
    Bytes bytes(const Field& field, std::size_t count) const {
        const auto at = in.offset();
        const auto taken = in.take(count, field.label);
        if (tree && !in.fault() && count > 0) tree->add(field, at, count, field.kind == Kind::ipv4 ? big_endian(taken) : 0);
        return taken;
    }
    Bytes rest(const Field& field) const { return bytes(field, in.left()); }
    /// Two bytes with a flag on top, as attribute types are: both become nodes. Returns the whole number.
    std::uint16_t flagged(const Field& flag, const Field& type) const {
        const auto at = in.offset();
        const auto value = in.number(2, type.label);
        if (tree && !in.fault()) {
            tree->add(flag, at, 2, bit_value(flag, value));
            tree->add(type, at, 2, bit_value(type, value));
        }
        return static_cast<std::uint16_t>(value);
    }
    /// A heading that end() closes; nothing without a tree.
    Tree::Index heading(const Field& field) const { return tree ? tree->add(field, in.offset(), 0) : 0; }
    /// `number` names the heading when its field has a registry.
    void end(Tree::Index node, std::uint64_t number = 0) const {
        if (!tree) return;
        tree->end_at(node, in.offset());
        tree->node(node).number = number;
    }
    void annotate(Tree::Index node, std::string_view words) const {
        if (tree && !words.empty()) tree->annotate(node, words);
    }
    void judge(Tree::Index node, Severity severity, std::string_view words) const {
        if (!tree) return;
        tree->judge(node, severity);
        tree->annotate(node, words);
    }
    /// The node added last.
    Tree::Index last() const { return tree ? tree->nodes().size() - 1 : 0; }
    /// The latest node of a field; the caller knows that there is one.
    Tree::Index latest(const Field& field) const {
        if (!tree) return 0;
        auto index = tree->nodes().size() - 1;
        while (index > 0 && tree->nodes()[index].field != &field) --index;
        return index;
    }
};

/// Without a tree a substructure's fault would be lost. It must not keep its neighbours from being read either, so the
/// first one is handed to the parent's cursor, and with it to parse()'s caller, when the list is at its end.
class Inherited {
public:
    explicit Inherited(const Tree* tree) : wanted_(tree == nullptr) {}
    void note(const Cursor& child) {
        if (wanted_ && !first_) first_ = child.fault();
    }
    void hand_to(Cursor& in) const {
        if (first_ && !in.fault()) in.take(in.left() + first_->wanted, first_->field);
    }

private:
    bool wanted_;
    std::optional<Fault> first_;
};

// What a Body<> of the schemas points at. ikev2_sa.cpp, ikev2_ts.cpp, ikev2_cp.cpp, ikev2_notify.cpp, ikev2_eap.cpp, …
void read_proposals(SecurityAssociation&, Cursor&, Tree*);
void write_proposals(const SecurityAssociation&, Writer&);
void read_transforms(Proposal&, Cursor&, Tree*);
void write_transforms(const Proposal&, Writer&);
void read_transform_id(Transform&, Cursor&, Tree*);
void write_transform_id(const Transform&, Writer&);
void read_transform_attributes(Transform&, Cursor&, Tree*);
void write_transform_attributes(const Transform&, Writer&);
void read_id_data(Identification&, Cursor&, Tree*);
void write_id_data(const Identification&, Writer&);
void read_certificate(Certificate&, Cursor&, Tree*);
void write_certificate(const Certificate&, Writer&);
void read_authorities(CertificateRequest&, Cursor&, Tree*);
void write_authorities(const CertificateRequest&, Writer&);
void read_auth_data(Authentication&, Cursor&, Tree*);
void write_auth_data(const Authentication&, Writer&);
void read_notify_data(Notification&, Cursor&, Tree*);
void write_notify_data(const Notification&, Writer&);
void read_spis(Delete&, Cursor&, Tree*);
void write_spis(const Delete&, Writer&);
void read_vendor(VendorId&, Cursor&, Tree*);
void write_vendor(const VendorId&, Writer&);
void read_selectors(TrafficSelectors&, Cursor&, Tree*);
void write_selectors(const TrafficSelectors&, Writer&);
void read_fragment(EncryptedFragment&, Cursor&, Tree*);
void write_fragment(const EncryptedFragment&, Writer&);
void read_configuration(Configuration&, Cursor&, Tree*);
void write_configuration(const Configuration&, Writer&);
void read_eap(Eap&, Cursor&, Tree*);
void write_eap(const Eap&, Writer&);
void read_policies(GroupSecurityAssociation&, Cursor&, Tree*);
void write_policies(const GroupSecurityAssociation&, Writer&);
void read_bags(KeyDownload&, Cursor&, Tree*);
void write_bags(const KeyDownload&, Writer&);

// Shared between payloads.
/// One traffic selector; false when what is left is none.
bool read_selector(TrafficSelector&, Cursor&, Tree*, Inherited&);
void write_selector(const TrafficSelector&, Writer&);
/// One transform substructure; `more` = another follows.
bool read_transform(Transform&, Cursor&, Tree*, Inherited&, bool& more);
void write_transform(const Transform&, bool more, Writer&);

} // namespace ikescope::dissect::ikev2
