package io.penstock.test.simulator;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A sorted set of numbers, served in pages of every style. The set can change while a client reads it. It is not a
 * vendor's API: it shows how a walk copes with a list that changes.
 *
 * <pre>
 *  GET /cursor?size=2&amp;after=4      {"items":[{"id":5},{"id":6}],"next":"6","total":9}   next is null on the last page
 *  GET /offset?limit=2&amp;offset=4    {"items":[{"id":5},{"id":6}],"total":9}
 *  GET /pages?size=2&amp;page=3        {"items":[{"id":5},{"id":6}],"page":3,"pages":5}     from 1
 *  GET /array?size=2&amp;page=3        [{"id":5},{"id":6}]
 *  GET /linked?size=2&amp;from=5       [{"id":5},{"id":6}] with Link: &lt;/linked?size=2&amp;from=7&gt;; rel="next", unless it is the last
 *  GET /last?size=2&amp;after=4        {"items":[{"id":5},{"id":6}],"has_more":true}   after the number of the last item
 * </pre>
 *
 * <p>A page has 10 items unless the request asks for another size. An invalid parameter is refused with 400. All
 * methods may be called from any thread.
 */
public final class PagedSet implements SimulatedApi {

    private static final int USUAL_SIZE = 10;

    private final NavigableSet<Long> rows = new ConcurrentSkipListSet<>();
    private final AtomicInteger count = new AtomicInteger(); // the size() of the set is O(n)
    private final AtomicInteger requests = new AtomicInteger();
    private final ConcurrentMap<Integer, Consumer<PagedSet>> changes = new ConcurrentHashMap<>();

    /** Creates a set of the numbers from 1 to {@code last}. */
    public PagedSet(long last) {
        add(LongStream.rangeClosed(1, last).toArray());
    }

    /** Adds numbers. Returns this set. */
    public PagedSet add(long... added) {
        count.addAndGet((int) LongStream.of(added).filter(rows::add).count());
        return this;
    }

    /** Removes numbers. Returns this set. */
    public PagedSet remove(long... removed) {
        count.addAndGet((int) -LongStream.of(removed).filter(rows::remove).count());
        return this;
    }

    /**
     * Registers a change that is made just before a request is answered. Returns this set.
     *
     * @param request the number of the request, from 1
     */
    public PagedSet before(int request, Consumer<PagedSet> change) {
        changes.put(request, change);
        return this;
    }

    /** Returns a copy of the current numbers. */
    public List<Long> rows() {
        return List.copyOf(rows);
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        Consumer<PagedSet> change = changes.remove(requests.incrementAndGet());
        if (change != null) {
            change.accept(this);
        }
        try {
            return switch (request.path()) {
                case "/cursor" -> byCursor(number(request, "size", USUAL_SIZE, 1), number(request, "after", 0, 0));
                case "/offset" -> byOffset(number(request, "limit", USUAL_SIZE, 1), number(request, "offset", 0, 0));
                case "/pages" -> byNumber(number(request, "size", USUAL_SIZE, 1), number(request, "page", 1, 1));
                case "/array" ->
                    SimulatedResponse.json(
                            200, page(number(request, "size", USUAL_SIZE, 1), number(request, "page", 1, 1)));
                case "/linked" -> linked(number(request, "size", USUAL_SIZE, 1), number(request, "from", 0, 0));
                case "/last" -> byLast(number(request, "size", USUAL_SIZE, 1), number(request, "after", 0, 0));
                default -> error(request, 404);
            };
        } catch (NumberFormatException e) {
            return error(request, 400);
        }
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.json(status, "{\"error\":{\"code\":\"status_" + status + "\",\"message\":\"Text.\"}}");
    }

    private static long number(LoggedRequest request, String name, long otherwise, long least) {
        String text = request.query(name);
        long number = text == null ? otherwise : Long.parseLong(text);
        if (number < least) {
            throw new NumberFormatException(name);
        }
        return number;
    }

    private SimulatedResponse byCursor(long size, long after) {
        List<Long> page = rows.tailSet(after, false).stream().limit(size).toList();
        Long last = page.isEmpty() ? null : page.get(page.size() - 1);
        boolean more = last != null && rows.higher(last) != null;
        return object(page, Map.of("next", more ? "\"" + last + "\"" : "null", "total", count.get()));
    }

    private SimulatedResponse byLast(long size, long after) {
        List<Long> page = rows.tailSet(after, false).stream().limit(size).toList();
        boolean more = !page.isEmpty() && rows.higher(page.get(page.size() - 1)) != null;
        return object(page, Map.of("has_more", more));
    }

    private SimulatedResponse linked(long size, long from) {
        List<Long> page = rows.tailSet(from, true).stream().limit(size).toList();
        Long next = page.isEmpty() ? null : rows.higher(page.get(page.size() - 1));
        SimulatedResponse response = SimulatedResponse.json(200, array(page));
        String first = "</linked?size=" + size + ">; rel=\"first\"";
        return response.withHeader(
                "link", next == null ? first : first + ", </linked?size=" + size + "&from=" + next + ">; rel=\"next\"");
    }

    private SimulatedResponse byOffset(long limit, long offset) {
        return object(rows.stream().skip(offset).limit(limit).toList(), Map.of("total", count.get()));
    }

    private SimulatedResponse byNumber(long size, long page) {
        long pages = (count.get() + size - 1) / size;
        return object(
                rows.stream().skip(before(size, page)).limit(size).toList(), Map.of("page", page, "pages", pages));
    }

    private String page(long size, long page) {
        return array(rows.stream().skip(before(size, page)).limit(size).toList());
    }

    /** Returns the number of rows before a page, however far away that is. */
    private static long before(long size, long page) {
        return page - 1 > Long.MAX_VALUE / size ? Long.MAX_VALUE : (page - 1) * size;
    }

    private static SimulatedResponse object(List<Long> page, Map<String, ?> beside) {
        return SimulatedResponse.json(
                200,
                "{\"items\":" + array(page)
                        + beside.entrySet().stream()
                                .map(member -> ",\"" + member.getKey() + "\":" + member.getValue())
                                .collect(Collectors.joining())
                        + "}");
    }

    private static String array(List<Long> page) {
        return page.stream().map(id -> "{\"id\":" + id + "}").collect(Collectors.joining(",", "[", "]"));
    }
}
