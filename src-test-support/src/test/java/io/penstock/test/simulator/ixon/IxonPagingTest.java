package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Answer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IxonPagingTest {

    @AutoClose
    private final IxonSimulator ixon =
            IxonSimulator.start(IxonRules.documented().withLimits(IxonLimits.none()));

    private final Caller caller = new Caller(ixon);

    @BeforeEach
    void addGroups() {
        for (int i = 1; i <= 45; i++) {
            ixon.put(
                    "/groups",
                    "{\"publicId\":\"group%07d\",\"name\":\"Group %d\",\"size\":%d,\"custom\":%s,\"parent\":%s}"
                            .formatted(
                                    i,
                                    i,
                                    i,
                                    i == 1 ? "null" : "\"c\"",
                                    "{\"publicId\":\"p" + i % 2 + "\",\"name\":\"Parent\",\"x\":1}"));
        }
    }

    @Test
    void pagesTwentyRowsByCursor() throws Exception {
        Answer first = caller.get("/groups");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().propertyNames()).containsExactly("status", "type", "data", "moreAfter");
        assertThat(first.json().get("status").stringValue()).isEqualTo("success");
        assertThat(first.json().get("type").stringValue()).isEqualTo("GroupList");
        assertThat(first.data()).hasSize(20);
        Answer second = caller.get("/groups?page-after=" + first.moreAfter());
        Answer third = caller.get("/groups?page-after=" + second.moreAfter());
        assertThat(third.data()).hasSize(5);
        assertThat(third.json().get("moreAfter").isNull()).isTrue();
        List<String> all = new ArrayList<>();
        List.of(first, second, third)
                .forEach(page ->
                        page.data().forEach(row -> all.add(row.get("publicId").stringValue())));
        assertThat(all).hasSize(45).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void omitsCursorWhenListEndsWithPage() throws Exception {
        Answer page = caller.get("/groups?page-size=45");
        assertThat(page.data()).hasSize(45);
        assertThat(page.moreAfter()).isNull();
        assertThat(caller.get("/groups?page-size=44").moreAfter()).isNotNull();
    }

    @Test
    void cutsPageSizeToLargest() throws Exception {
        try (IxonSimulator small = IxonSimulator.start(IxonRules.documented()
                .withPaging(IxonPaging.documented().withPageSize(2).withLargestPage(3)))) {
            for (int i = 0; i < 4; i++) {
                small.put("/groups", "{\"name\":\"g\"}");
            }
            Caller other = new Caller(small);
            assertThat(other.get("/groups").data()).hasSize(2);
            assertThat(other.get("/groups?page-size=4000").data()).hasSize(3);
        }
    }

    @Test
    void deliversUpToFourThousandRowsByDefault() throws Exception {
        for (int i = 46; i <= 4001; i++) {
            ixon.put("/groups", "{\"name\":\"g\"}");
        }
        Answer page = caller.get("/groups?page-size=5000");
        assertThat(page.data()).hasSize(4000);
        assertThat(caller.get("/groups?page-size=5000&page-after=" + page.moreAfter())
                        .data())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"page-size,0", "page-size,-1", "page-size,x", "page-after,%21", "page-after,eA", "page-after,MS4"})
    void rejectsWrongPagingParameter(String name, String value) throws Exception {
        Answer refused = caller.get("/groups?" + name + "=" + value);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo(name);
        assertThat(refused.message()).isEqualTo("Invalid value");
    }

    @Test
    void keepsCursorAfterItsRowIsDeleted() throws Exception {
        String cursor = caller.get("/groups?page-size=2").moreAfter();
        caller.delete("/groups/group0000002", "");
        assertThat(caller.get("/groups?page-size=1&page-after=" + cursor)
                        .json()
                        .at("/data/0/publicId")
                        .stringValue())
                .isEqualTo("group0000003");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|{\"publicId\":\"group0000002\",\"name\":\"Group 2\"}",
                "fields=size|{\"publicId\":\"group0000002\",\"size\":2}",
                "fields=size,custom|{\"publicId\":\"group0000002\",\"size\":2,\"custom\":\"c\"}",
                "fields=size&fields=custom|{\"publicId\":\"group0000002\",\"size\":2,\"custom\":\"c\"}",
                "fields=parent.name|{\"publicId\":\"group0000002\",\"parent\":{\"publicId\":\"p0\",\"name\":\"Parent\"}}",
                "fields=parent(name,x)|{\"publicId\":\"group0000002\","
                        + "\"parent\":{\"publicId\":\"p0\",\"name\":\"Parent\",\"x\":1}}",
                "fields=unset|{\"publicId\":\"group0000002\",\"unset\":null}",
                "fields=*|{\"publicId\":\"group0000002\",\"name\":\"Group 2\",\"size\":2,\"custom\":\"c\","
                        + "\"parent\":{\"publicId\":\"p0\",\"name\":\"Parent\",\"x\":1}}",
            })
    void selectsMembersByFields(String query, String row) throws Exception {
        assertThat(caller.get("/groups/group0000002?" + query).data().toString())
                .isEqualTo(row);
        assertThat(caller.get("/groups?page-size=2&" + query).data().get(1).toString())
                .isEqualTo(row);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a(b", "(b)", ".b", "a,,b", "a)"})
    void rejectsInvalidFields(String fields) throws Exception {
        assertThat(caller.get("/groups?fields=" + fields).property()).isEqualTo("fields");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eq(publicId,\"group0000007\")|1",
                "equals(name,\"Group 7\")|1",
                "ne(name,\"Group 7\")|44",
                "differs(size,7)|44",
                "lt(size,10)|9",
                "less(size,10)|9",
                "lte(size,10)|10",
                "lessorequal(size,10)|10",
                "gt(size,10)|35",
                "greater(size,10)|35",
                "gte(size,10)|36",
                "greaterorequal(size,10)|36",
                "in(size,1,2,99)|2",
                "ni(name,\"Group 1\",\"Group 2\")|43",
                "isnull(custom)|1",
                "isnotnull(custom)|44",
                "between(size,10,19)|10",
                "contains(name,\"up 4\")|7",
                "eq(parent.publicId,\"p0\")|22",
                "gt(size,10),lt(size,13)|2",
                "eq(name,\"a,b(\")|0",
            })
    void selectsRowsByFilters(String filters, int rows) throws Exception {
        String encoded = URLEncoder.encode(filters, StandardCharsets.UTF_8);
        assertThat(caller.get("/groups?page-size=100&filters=" + encoded).data())
                .hasSize(rows);
    }

    @Test
    void combinesRepeatedFilters() throws Exception {
        assertThat(caller.get("/groups?filters=gt(size,10)&filters=lt(size,13)").data())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eq(name,Group)", "like(name,1)", "eq(name)", "eq", "between(size,1)", "eq(name,1"})
    void rejectsInvalidFilters(String filters) throws Exception {
        Answer refused = caller.get("/groups?filters=" + filters);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo("filters");
    }

    @Test
    void rejectsWrongPercentEncoding() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), ixon.origin().getPort())) {
            socket.getOutputStream()
                    .write("GET /api/server-time?x=%zz HTTP/1.1\r\nHost: a\r\nApi-Version: 2\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] statusLine = socket.getInputStream().readNBytes(12);
            assertThat(new String(statusLine, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }
}
