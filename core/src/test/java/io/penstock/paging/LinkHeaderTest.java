package io.penstock.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers as in RFC 8288 §3.5, and as servers send them. */
class LinkHeaderTest {

    private static List<String> next(String... headers) throws LinkHeader.Malformed {
        return LinkHeader.targets(List.of(headers), "next");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '\u0001',
            value = {
                "</a?page=2>; rel=\"next\" ! /a?page=2",
                "</a?page=2>;rel=next ! /a?page=2",
                "< /a > ; REL = \"prev  NEXT\" ! /a",
                "</first>; rel=\"first\", </a>; rel=\"next\", </last>; rel=\"last\" ! /a",
                "</a,b;c>; title=\"x, </y>; rel=\\\"next\\\"\"; rel=\"next\" ! /a,b;c",
                "</a>; rel=\"next\"; rel=\"prev\" ! /a",
                "</a>; title*=UTF-8''%e2%82%ac; rel=\"next\" ! /a",
                ", ,</a>; rel=\"next\" , ! /a",
                "</a>; rel=\"next\"; ! /a",
                "</a>; crossorigin; rel=\"next\" ! /a",
                "<>; rel=\"next\" ! ''",
            })
    void findsTargetOfRelation(String header, String target) throws LinkHeader.Malformed {
        assertThat(next(header)).containsExactly(target.equals("''") ? "" : target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '\u0001',
            value = {
                "</a>; rel=\"prev\"",
                "</a>",
                "</a>; rel",
                "</a>; rel=\"nextish\"",
                "</a>; rel=\"prev\"; rel=\"next\"",
                "</a>; title=\"rel=next\"",
                "</a>; anchor=\"#part\"; rel=\"next\"",
                "''"
            })
    void findsNoTargetOfOtherRelations(String header) throws LinkHeader.Malformed {
        assertThat(next(header.equals("''") ? "" : header)).isEmpty();
    }

    @Test
    void collectsTargetsOfSeveralHeaders() throws LinkHeader.Malformed {
        assertThat(next("</p>; rel=prev", "</a>; rel=next, </b>; rel=\"next\"")).containsExactly("/a", "/b");
    }

    /** A list that was cut off by a limit on headers must not look like the last page. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '\u0001',
            value = {
                "</first>; rel=first, </a?pa ! character 22",
                "</a>; rel=\"ne ! character 11",
                "/a; rel=next ! character 1",
                "</a>; rel=\"next\" </b>; rel=\"prev\" ! character 18",
                "</a> rel=\"next\" ! character 6"
            })
    void rejectsMalformedHeader(String header, String where) {
        assertThatThrownBy(() -> next(header))
                .isInstanceOf(LinkHeader.Malformed.class)
                .hasMessageEndingWith(where);
    }
}
