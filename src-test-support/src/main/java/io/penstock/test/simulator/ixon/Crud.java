package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The default behavior of the contract's operations. A path whose data is a list is a collection. A path that ends with
 * an id of a collection is a row. Any other path is a single resource. A POST without data in its response, or a write
 * to no collection, is an action: it has an effect and changes nothing.
 */
record Crud(Cloud cloud, Contract contract, Lists lists, Bulk bulk) {

    private static final String ID = "publicId";

    SimulatedResponse answer(Call call) {
        return switch (call.operation().method()) {
            case "GET" -> read(call);
            case "POST" -> call.operation().answersNothing() ? act(call, "TRIGGER") : create(call);
            case "PATCH" -> patch(call);
            case "DELETE" -> delete(call);
            default -> put(call);
        };
    }

    /** Refuses an unknown id before the last segment. */
    void requireAncestors(Call call) {
        String[] template = call.operation().template().split("/", -1);
        String[] path = call.path().split("/", -1);
        for (int i = 1; i < template.length - 1; i++) {
            String parent = String.join("/", Arrays.copyOf(template, i));
            Operation collection = template[i].startsWith("{") ? contract.collection(parent) : null;
            boolean known = collection == null
                    || !contract.isReadable(parent)
                    || (collection.needsCompany() && call.company().isEmpty())
                    || cloud.rows.find(place(call, collection, String.join("/", Arrays.copyOf(path, i))), path[i])
                            != null;
            if (!known) {
                throw Refusal.notFound(template[i].substring(1, template[i].length() - 1));
            }
        }
    }

    private static String place(Call call, Operation collection, String path) {
        return collection.needsCompany() ? call.company() + path : path;
    }

    private SimulatedResponse read(Call call) {
        if (call.operation().answersList()) {
            return lists.page(call, cloud.rows.all(call.place()));
        }
        if (call.operation().answersNothing()) {
            return Envelope.empty(call);
        }
        ObjectNode found = isRow(call) ? row(call) : cloud.rows.single(call.place());
        return Envelope.of(call, Fields.read(Fields.of(call.request()), found));
    }

    private SimulatedResponse create(Call call) {
        Fields fields = Fields.of(call.request());
        ArrayNode created = Json.array();
        if (call.operation().takesArray()) {
            bulk.each(call, Crud::nameError, element -> created.add(Fields.created(fields, add(call, element))));
        } else {
            created.add(Fields.created(fields, add(call, content(call))));
        }
        return call.operation().answersList()
                ? lists.whole(call, created)
                : Envelope.of(call, created.isEmpty() ? Json.object() : created.get(0));
    }

    /** Replaces the rows if the operation answers with a list, unless the new rows are refused. */
    private SimulatedResponse put(Call call) {
        if (!call.operation().answersList()) {
            return act(call, "UPDATE");
        }
        List<Rows.Row> before = List.copyOf(cloud.rows.all(call.place()));
        SimulatedResponse created = create(call);
        before.forEach(row -> cloud.rows.remove(call.place(), Json.requiredText(row.json(), ID)));
        return created;
    }

    private ObjectNode add(Call call, ObjectNode content) {
        String id = call.operation().template().equals("/companies") ? Ids.company() : Ids.resource();
        ObjectNode row = cloud.rows.add(call.place(), id, content);
        cloud.act(call, "CREATE", id);
        return row;
    }

    /** Returns the body of a request with one element. Of an upload, only the media type matters. */
    private static ObjectNode content(Call call) {
        String expected = call.operation().request();
        if (!expected.contains("/")) {
            return expected.equals("object")
                    ? checked(Json.objectBody(call.request().body()))
                    : Json.object();
        }
        String type = call.request().header("content-type");
        if (type == null || !type.startsWith(expected.replace("*", ""))) {
            throw Refusal.invalid(Refusal.INVALID, "Content-Type");
        }
        return Json.object();
    }

    private static ObjectNode checked(ObjectNode body) {
        Refusal.Item error = nameError(0, body);
        if (error != null) {
            throw Refusal.invalid(error.message(), error.propertyName());
        }
        return body;
    }

    /** Returns the error of a name. Undocumented, like every rule about a body. */
    private static Refusal.@Nullable Item nameError(int index, ObjectNode element) {
        JsonNode name = element.get("name");
        if (name == null || (name.isString() && !name.stringValue().isBlank())) {
            return null;
        }
        return Refusal.Item.at(index, name.isString() ? Refusal.TOO_SHORT : Refusal.INVALID, "name");
    }

    private SimulatedResponse patch(Call call) {
        if (call.operation().takesArray()) {
            if (!isCollection(call)) {
                return act(call, "UPDATE");
            }
            bulk.each(call, (i, element) -> idError(call, i, element), element -> {
                String id = Json.requiredText(element, ID);
                ObjectNode row = cloud.rows.find(call.place(), id);
                if (row != null) {
                    change(call, row, element, id);
                }
            });
            return Envelope.empty(call);
        }
        ObjectNode body = checked(Json.objectBody(call.request().body()));
        ObjectNode changed = isRow(call) ? row(call) : cloud.rows.single(call.place());
        change(call, changed, body, Json.requiredText(changed, ID));
        return Envelope.empty(call);
    }

    private void change(Call call, ObjectNode row, ObjectNode changes, String id) {
        row.setAll(changes.deepCopy().without(ID));
        cloud.act(call, "UPDATE", id);
    }

    private SimulatedResponse delete(Call call) {
        if (call.operation().takesArray()) {
            if (!isCollection(call)) {
                return act(call, "DELETE");
            }
            bulk.each(call, (i, element) -> idError(call, i, element), element -> {
                String id = Json.requiredText(element, ID);
                if (cloud.rows.remove(call.place(), id)) {
                    cloud.act(call, "DELETE", id);
                }
            });
            return Envelope.empty(call);
        }
        if (isRow(call)) {
            row(call);
            cloud.rows.remove(call.parentPlace(), call.lastSegment());
        } else {
            cloud.rows.removeSingle(call.place());
        }
        cloud.act(call, "DELETE", call.lastSegment());
        return Envelope.empty(call);
    }

    /** Enters an effect for every element, or for the resource of the path. */
    private SimulatedResponse act(Call call, String action) {
        if (call.operation().takesArray()) {
            bulk.each(call, Crud::nameError, element -> {
                String id = Json.text(element, ID);
                cloud.act(call, action, id == null ? call.lastSegment() : id);
            });
        } else {
            content(call);
            String id = call.ids().values().stream().findFirst().orElse(call.lastSegment());
            cloud.act(call, action, call.ids().getOrDefault(ID, id));
        }
        return Envelope.empty(call);
    }

    private Refusal.@Nullable Item idError(Call call, int index, ObjectNode element) {
        String id = Json.text(element, ID);
        if (id == null) {
            return Refusal.Item.at(index, Refusal.REQUIRED, ID);
        }
        if (cloud.rows.find(call.place(), id) == null) {
            return Refusal.Item.at(index, Refusal.NOT_FOUND, ID);
        }
        return nameError(index, element);
    }

    private ObjectNode row(Call call) {
        ObjectNode row = cloud.rows.find(call.parentPlace(), call.lastSegment());
        if (row == null) {
            throw Refusal.notFound(ID);
        }
        return row;
    }

    private boolean isCollection(Call call) {
        return contract.collection(call.operation().template()) != null;
    }

    private boolean isRow(Call call) {
        String template = call.operation().template();
        return call.operation().endsWithId()
                && contract.collection(template.substring(0, template.lastIndexOf('/'))) != null;
    }
}
