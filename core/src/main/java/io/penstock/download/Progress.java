package io.penstock.download;

/**
 * How far a download has got.
 *
 * @param bytes how many bytes have been written
 * @param total how many there will be, or -1 where the server has not said
 * @param resumes how often it has been taken up again after a break
 */
public record Progress(long bytes, long total, int resumes) {}
