package io.penstock.body;

import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.error.ApiException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A writer of {@code application/x-www-form-urlencoded} (WHATWG URL §5.2). A member of a nested object is named
 * {@code outer[inner]}. Null members are left out, and so are empty lists: a form has no sign for either.
 */
final class FormFields {

    private final ListStyle lists;
    private final StringBuilder text = new StringBuilder();

    private FormFields(ListStyle lists) {
        this.lists = lists;
    }

    /**
     * Returns a form with the members of an object.
     *
     * @throws ApiException INVALID_REQUEST if it is no object, or holds a list that the style cannot express
     */
    static byte[] of(JsonNode object, ListStyle lists) {
        if (!object.isObject()) {
            throw ApiException.invalidRequest("body: " + object.getNodeType()
                    + " (expected: an object, whose members are the fields of the form)");
        }
        FormFields fields = new FormFields(lists);
        object.properties().forEach(member -> fields.add(member.getKey(), member.getValue()));
        return fields.text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void add(String name, JsonNode value) {
        if (value.isObject()) {
            value.properties().forEach(member -> add(name + "[" + member.getKey() + "]", member.getValue()));
        } else if (value.isArray()) {
            addList(name, value);
        } else if (!value.isNull()) {
            field(name, value.asString());
        }
    }

    private void addList(String name, JsonNode list) {
        if (lists == ListStyle.INDEXED) {
            for (int i = 0; i < list.size(); i++) {
                add(lists.nameOf(name, i), list.get(i));
            }
            return;
        }
        List<String> values = new ArrayList<>(list.size());
        for (JsonNode element : list) {
            if (element.isContainer() || element.isNull()) {
                throw ApiException.invalidRequest("body: " + name + " is a list with " + element.getNodeType()
                        + " (expected: plain values, or a form whose lists are INDEXED)");
            }
            values.add(element.asString());
        }
        lists.spread(name, values, this::field);
    }

    private void field(String name, String value) {
        if (!text.isEmpty()) {
            text.append('&');
        }
        text.append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
