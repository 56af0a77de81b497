package io.penstock.test.simulator.streams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A JSON object with a long array {@code items}, generated while it is sent. Each item has an {@code id} that counts
 * from 0, a {@code name}, a {@code score}, {@code tags}, a nested {@code at} and a {@code note}.
 */
public final class ServedArray implements StreamServer.Answer {

    private static final int BLOCK = 1 << 16;

    private final long bytes;

    /** Creates an array of at least that many bytes. */
    public ServedArray(long bytes) {
        this.bytes = bytes;
    }

    private static final String NOTE = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam. ".repeat(3);

    /** Returns one item as it is sent. */
    public static String item(long id) {
        return String.format(
                        Locale.ROOT,
                        "{'id':%d,'name':'finding %d, with an \\u00e9','score':7.25,'tags':['open','web'],'at':%s,'note':'%s'}",
                        id,
                        id,
                        "{'host':'app.example.com','path':'/a/b/c','line':7}",
                        NOTE)
                .replace('\'', '"');
    }

    @Override
    public void write(StreamServer.Request request, Wire wire) throws IOException {
        wire.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n");
        wire.send("transfer-encoding: chunked\r\nconnection: close\r\n\r\n");
        ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK + 1024);
        add(block, "{\"total\":-1,\"items\":[");
        long sent = 0;
        for (long id = 0; sent < bytes; id++) {
            add(block, (id == 0 ? "" : ",") + item(id));
            if (block.size() >= BLOCK) {
                sent += flush(block, wire);
            }
        }
        add(block, "],\"more\":false}");
        flush(block, wire);
        wire.send("0\r\n\r\n");
    }

    private static void add(ByteArrayOutputStream block, String text) {
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int flush(ByteArrayOutputStream block, Wire wire) throws IOException {
        byte[] bytes = block.toByteArray();
        block.reset();
        wire.send(Integer.toHexString(bytes.length) + "\r\n");
        wire.send(bytes, 0, bytes.length);
        wire.send("\r\n");
        return bytes.length;
    }
}
