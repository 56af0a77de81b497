package io.penstock.download;

import io.penstock.error.ApiException;
import io.penstock.http.Progress;
import java.util.function.Consumer;

/**
 * Options for downloads.
 *
 * @param maxBytes the largest file to accept
 * @param maxResumes how often to resume after an interruption; a call that brings nothing ends the download in any case
 * @param replaceExisting whether an existing file may be replaced
 * @param listener receives the progress after each part, on the writing thread; an exception fails the download
 */
public record DownloadOptions(long maxBytes, int maxResumes, boolean replaceExisting, Consumer<Progress> listener) {

    /** Validates the values; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public DownloadOptions {
        if (maxBytes < 1) {
            throw ApiException.invalidConfiguration("maxBytes: " + maxBytes + " (expected: >= 1)");
        }
        if (maxResumes < 0) {
            throw ApiException.invalidConfiguration("maxResumes: " + maxResumes + " (expected: >= 0)");
        }
    }

    /** Returns the default options: up to 16 GiB, up to 1000 resumes, no replacement of files, no listener. */
    public static DownloadOptions standard() {
        return new DownloadOptions(16L << 30, 1000, false, progress -> {});
    }

    /** Returns a copy with this maximum file size. */
    public DownloadOptions withMaxBytes(long newMaxBytes) {
        return new DownloadOptions(newMaxBytes, maxResumes, replaceExisting, listener);
    }

    /** Returns a copy with this maximum number of resumes. */
    public DownloadOptions withMaxResumes(int newMaxResumes) {
        return new DownloadOptions(maxBytes, newMaxResumes, replaceExisting, listener);
    }

    /** Returns a copy that replaces an existing file once the new one is complete. */
    public DownloadOptions replacingExisting() {
        return new DownloadOptions(maxBytes, maxResumes, true, listener);
    }

    /** Returns a copy with this progress listener. */
    public DownloadOptions withListener(Consumer<Progress> newListener) {
        return new DownloadOptions(maxBytes, maxResumes, replaceExisting, newListener);
    }
}
