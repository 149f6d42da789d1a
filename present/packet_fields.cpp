#include "present/packet_fields.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::present {

namespace {

constexpr std::string_view column_prefix = "_ws.col.";

/// tshark's /t /s and plain characters.
std::string separator_of(std::string_view word) {
    if (word == "/t") return "\t";
    if (word == "/s") return " ";
    if (word == "/c") return ",";
    return std::string(word);
}

/// Why no packet has this field of Wireshark's; nullptr when it is none of those.
const FieldRefusal* refusal_of(std::string_view name) {
    const auto rows = field_refusals();
    const auto found = std::ranges::find(rows, name, &FieldRefusal::name);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

std::string never_filled(const std::vector<std::string>& names) {
    std::string words;
    for (const auto& name : names)
        if (const auto* refusal = refusal_of(name)) words += fmt::format("{}{} ({})", words.empty() ? "" : "; ", name, refusal->reason);
    return words.empty() ? words : "-e: these columns stay empty, as ikescope does not fill the fields: " + words;
}

Result<Done> FieldOptions::set(std::string_view word) {
    const auto sign = word.find('=');
    const auto name = word.substr(0, sign);
    const auto value = sign == std::string_view::npos ? std::string_view() : word.substr(sign + 1);
    const auto bad = [&](std::string_view allowed) { return Error{fmt::format("-E {} takes {}, not \"{}\"", name, allowed, value)}; };
    if (name == "header") {
        if (value != "y" && value != "n") return bad("y or n");
        header = value == "y";
    } else if (name == "separator") {
        if (value.empty()) return bad("a character, /t or /s");
        separator = separator_of(value);
    } else if (name == "aggregator") {
        if (value.empty()) return bad("a character, /t or /s");
        aggregator = separator_of(value);
    } else if (name == "quote") {
        if (value != "d" && value != "s" && value != "n") return bad("d (double), s (single) or n (none)");
        quote = value == "d" ? "\"" : value == "s" ? "'" : "";
    } else if (name == "occurrence") {
        if (value != "f" && value != "l" && value != "a") return bad("f (first), l (last) or a (all)");
        occurrence = value == "f" ? Occurrence::first : value == "l" ? Occurrence::last : Occurrence::all;
    } else if (name == "bom") {
        if (value != "y" && value != "n") return bad("y or n");
        bom = value == "y";
    } else {
        return Error{fmt::format("there is no -E {}: bom, header, separator, quote, occurrence, aggregator", name)};
    }
    return Done{};
}

Result<FieldsWriter> FieldsWriter::make(const std::vector<std::string>& names, FieldOptions options, RowOptions rows, bool show_secrets) {
    const auto& catalog = FieldCatalog::get();
    FieldsWriter made(std::move(options), rows, show_secrets);
    std::vector<std::vector<std::uint32_t>> columns_of(catalog.size() + 1);
    made.found_.resize(names.size());
    std::string unknown;
    for (const auto& name : names) {
        const auto fields = catalog.find(name);
        const auto column = static_cast<std::uint32_t>(made.columns_.size());
        const bool cell = name.starts_with(column_prefix);
        made.columns_.push_back({name, cell ? std::string_view(fields.empty() ? "" : fields[0]->name.substr(column_prefix.size())) : ""});
        for (const auto* field : fields) columns_of[catalog.index(field)].push_back(column);
        if (!fields.empty() || refusal_of(name)) continue;
        const auto near = catalog.suggestion(name);
        unknown += fmt::format("{}{}{}", unknown.empty() ? "" : "; ", name, near.empty() ? "" : fmt::format(" (did you mean {}?)", near));
    }
    if (!unknown.empty()) return Error{fmt::format("-e: no such field: {}", unknown)};
    for (const auto& columns : columns_of) {
        made.starts_.push_back(static_cast<std::uint32_t>(made.columns_of_.size()));
        made.columns_of_.insert(made.columns_of_.end(), columns.begin(), columns.end());
    }
    made.starts_.push_back(static_cast<std::uint32_t>(made.columns_of_.size()));
    return made;
}

void FieldsWriter::demand(Demand& demand) const {
    for (const auto& column : columns_)
        for (const auto* field : FieldCatalog::get().find(column.name)) demand.add(field->name);
}

bool FieldsWriter::needs_memory() const {
    return std::ranges::any_of(columns_, [](const Column& column) { return column.name.starts_with("ike.") || column.cell == "Info"; });
}

void FieldsWriter::begin(Output& out) {
    if (options_.bom) out.text("\xef\xbb\xbf");
    if (!options_.header) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i) out.text(options_.separator);
        out.text(columns_[i].name);
    }
    out.put('\n');
}

void FieldsWriter::column(Output& out, const Packet& packet, const Tree& tree, std::size_t index) {
    const auto& column = columns_[index];
    if (!column.cell.empty()) {
        out.text(options_.quote);
        rows_.cell(out, packet, column.cell);
        return out.text(options_.quote);
    }
    std::span<const std::uint32_t> nodes = found_[index];
    if (nodes.empty()) return;
    if (options_.occurrence == FieldOptions::Occurrence::first) nodes = nodes.first(1);
    if (options_.occurrence == FieldOptions::Occurrence::last) nodes = nodes.last(1);
    out.text(options_.quote);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (i) out.text(options_.aggregator);
        values_.value(out, tree, tree.nodes()[nodes[i]]);
    }
    out.text(options_.quote);
}

void FieldsWriter::members(Output& out, const Packet& packet, const Tree& tree, ValueWriter& values, char dot) {
    collect(tree);
    bool any = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto& column = columns_[i];
        if (found_[i].empty() && column.cell.empty()) continue;
        out.text(any ? ",\"" : "\"");
        any = true;
        for (const char letter : column.name) out.put(letter == '.' ? dot : letter);
        out.text("\":[");
        if (!column.cell.empty()) {
            out.put('"');
            if (column.cell == "Info") append_escaped(out, rows_.info(packet), Escape::json);
            else rows_.cell(out, packet, column.cell);
            out.put('"');
        }
        for (std::size_t node = 0; node < found_[i].size(); ++node) {
            out.text(node ? ",\"" : "\"");
            values.value(out, tree, tree.nodes()[found_[i][node]]);
            out.put('"');
        }
        out.put(']');
    }
}

void FieldsWriter::collect(const Tree& tree) {
    for (auto& nodes : found_) nodes.clear();
    const auto count = static_cast<std::uint32_t>(tree.nodes().size());
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto row = catalog_->index(tree.nodes()[i].field);
        for (auto at = starts_[row]; at < starts_[row + 1]; ++at) found_[columns_of_[at]].push_back(i);
    }
}

void FieldsWriter::packet(Output& out, const Packet& packet, const Tree& tree) {
    collect(tree);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i) out.text(options_.separator);
        column(out, packet, tree, i);
    }
    out.put('\n');
}

} // namespace ikescope::present
