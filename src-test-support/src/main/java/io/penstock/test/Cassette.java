package io.penstock.test;

import io.penstock.error.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A recorded run as a file: one JSON object with the number of its format and the exchanges in the order of their
 * requests. It is meant to be read and reviewed by people.
 *
 * @param file the file, for messages
 * @param exchanges the exchanges
 */
record Cassette(Path file, List<CassetteExchange> exchanges) {

    /** The format that this version writes, and the only one that it reads. */
    static final int FORMAT = 1;

    static final int MOST_EXCHANGES = 10_000;
    private static final long MOST_BYTES = 64L << 20;

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    Cassette {
        exchanges = List.copyOf(exchanges);
    }

    /**
     * Reads a file.
     *
     * @throws ApiException INVALID_CONFIGURATION if it cannot be read, or is not a cassette of this format
     */
    static Cassette read(Path file) {
        JsonNode root = parsed(file);
        JsonNode format = root.path("format");
        if (!format.isInt() || format.asInt() != FORMAT) {
            throw unusable(
                    file,
                    "format " + (format.isMissingNode() ? "missing" : format) + " (expected: " + FORMAT
                            + "; record the run anew)");
        }
        JsonNode list = root.path("exchanges");
        if (!list.isArray() || list.size() > MOST_EXCHANGES) {
            throw unusable(
                    file,
                    "exchanges: " + (list.isArray() ? list.size() + " of them" : list.getNodeType())
                            + " (expected: a list of at most " + MOST_EXCHANGES + ")");
        }
        List<CassetteExchange> exchanges = new ArrayList<>();
        for (JsonNode one : list) {
            try {
                exchanges.add(CassetteExchange.of(one));
            } catch (IllegalArgumentException e) {
                throw unusable(file, "exchange " + (exchanges.size() + 1) + ": " + e.getMessage());
            }
        }
        return new Cassette(file, exchanges);
    }

    private static JsonNode parsed(Path file) {
        try {
            long size = Files.size(file);
            if (size > MOST_BYTES) {
                throw unusable(file, size + " bytes (expected: at most " + MOST_BYTES + ")");
            }
            return JSON.readTree(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw unusable(file, "no such file (expected: one that a CassetteRecorder has written)");
        } catch (IOException e) {
            throw unusable(file, "cannot be read: " + e);
        } catch (JacksonException e) {
            throw unusable(
                    file,
                    "not JSON: " + e.getOriginalMessage() + " (expected: a file that a CassetteRecorder has written)");
        }
    }

    private static ApiException unusable(Path file, String why) {
        return ApiException.invalidConfiguration("cassette " + file + ": " + why);
    }

    /**
     * Writes the file, and the directories above it.
     *
     * @throws ApiException INVALID_CONFIGURATION if it cannot be written
     */
    void write() {
        ObjectNode root = JSON.createObjectNode().put("format", FORMAT);
        ArrayNode list = root.putArray("exchanges");
        exchanges.forEach(exchange -> list.add(exchange.toJson()));
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, JSON.writeValueAsString(root) + "\n");
        } catch (IOException e) {
            throw unusable(file, "cannot be written: " + e);
        }
    }
}
