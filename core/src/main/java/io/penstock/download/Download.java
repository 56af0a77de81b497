package io.penstock.download;

import io.penstock.error.Journey;
import io.penstock.http.Headers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that has arrived whole.
 *
 * @param path where it is, or null where it went to a channel
 * @param name the name that the server gave it, fit to be a file's name; null where it gave none that is
 * @param bytes its size
 * @param resumes how often it was taken up again after a break
 * @param headers of the last answer
 * @param journey of the last call
 */
public record Download(
        @Nullable Path path, @Nullable String name, long bytes, int resumes, Headers headers, Journey journey) {}
