package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Success bodies: lists with their three kinds of paging, single objects, nullable members, acknowledgements. */
record Envelopes(PicusRules rules) {

    /** The default page size where none is documented. */
    private static final int DEFAULT_PAGE = 20;

    /** Returns {@code {"<member>":[…],"pages":{…}}}, for a list without a documented default or maximum page size. */
    SimulatedResponse page(Call call, String member, List<? extends JsonNode> all) {
        return page(call, member, all, Math.min(DEFAULT_PAGE, rules.pageMaximum()), rules.pageMaximum());
    }

    /** Returns {@code {"<member>":[…],"pages":{…}}}, for a list with a documented default and maximum page size. */
    SimulatedResponse page(Call call, String member, List<? extends JsonNode> all, int absent, int maximum) {
        Slice slice = slice(call, rules.pageSizeParameter(), "offset", absent, maximum);
        ObjectNode body = Json.object();
        slice.fill(body, member, all);
        body.putObject("pages")
                .put("total_count", all.size())
                .put("limit", slice.limit())
                .put("offset", slice.offset());
        return Json.ok(body);
    }

    /** Returns {@code {"pagination":{limit,offset,total_count},"<member>":[…]}}. */
    SimulatedResponse pagination(Call call, String member, List<? extends JsonNode> all) {
        Slice slice = slice(call, "limit", "offset", Math.min(DEFAULT_PAGE, rules.pageMaximum()), rules.pageMaximum());
        ObjectNode body = Json.object();
        slice.fill(body, member, all);
        body.putObject("pagination")
                .put("limit", slice.limit())
                .put("offset", slice.offset())
                .put("total_count", all.size());
        return Json.ok(body);
    }

    /**
     * Returns a page of a list with numbered pages. They count from 1, which is undocumented. The names of the
     * parameters differ by operation.
     */
    SimulatedResponse numberedPages(
            Call call, String limitName, String offsetName, String member, List<? extends JsonNode> all) {
        Slice slice = slice(call, limitName, offsetName, Math.min(10, rules.pageMaximum()), rules.pageMaximum());
        ObjectNode body = Json.object();
        int sent = slice.fill(body, member, all);
        body.putObject("pagination")
                .put("currentPage", slice.offset() / slice.limit() + 1)
                .put("currentPageSize", sent)
                .put("pageSize", slice.limit())
                .put("totalCount", all.size())
                .put("totalPageCount", (all.size() + slice.limit() - 1) / slice.limit());
        return Json.ok(body);
    }

    /** Returns {@code {"<wrapper>":{…}}} or the object itself. */
    SimulatedResponse item(String wrapper, ObjectNode item) {
        return Json.ok(wrapped(wrapper, item));
    }

    SimulatedResponse createdItem(String wrapper, ObjectNode item) {
        return created(wrapped(wrapper, item));
    }

    SimulatedResponse created(JsonNode body) {
        return Json.response(rules.createdStatus(), body);
    }

    SimulatedResponse success() {
        return Json.ok(Json.object().put("success", true));
    }

    /** Returns the acknowledgement of a delete, or a 204 if the rules ask for one. */
    SimulatedResponse deleted(ObjectNode acknowledgement) {
        return rules.deletedStatus() == 204 ? SimulatedResponse.empty(204) : Json.ok(acknowledgement);
    }

    void nullable(ObjectNode body, String member, @Nullable Long value) {
        if (rules.nullables() == NullableShape.STRUCT) {
            body.putObject(member).put("Int64", value == null ? 0 : value).put("Valid", value != null);
        } else {
            body.put(member, value);
        }
    }

    void nullable(ObjectNode body, String member, boolean value) {
        if (rules.nullables() == NullableShape.STRUCT) {
            body.putObject(member).put("Bool", value).put("Valid", true);
        } else {
            body.put(member, value);
        }
    }

    private ObjectNode wrapped(String wrapper, ObjectNode item) {
        if (rules.itemShape() == ItemShape.BARE) {
            return item;
        }
        ObjectNode wrapped = Json.object();
        wrapped.set(wrapper, item);
        return wrapped;
    }

    private Slice slice(Call call, String limitName, String offsetName, int absent, int maximum) {
        long limit = call.number(limitName, absent);
        if (limit > maximum) {
            throw Refusal.outOfRange("max", maximum, limit);
        }
        if (limit < rules.minimumPageSize()) {
            throw Refusal.outOfRange("min", rules.minimumPageSize(), limit);
        }
        return new Slice((int) limit, call.number(offsetName, 0));
    }

    private record Slice(int limit, long offset) {

        int fill(ObjectNode body, String member, List<? extends JsonNode> all) {
            List<? extends JsonNode> some =
                    all.stream().skip(offset).limit(limit).toList();
            some.forEach(body.putArray(member)::add);
            return some.size();
        }
    }
}
