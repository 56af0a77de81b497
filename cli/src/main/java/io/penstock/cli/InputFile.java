package io.penstock.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A reader of files that arguments name. It reads a file as a whole and as UTF-8. */
final class InputFile {

    private InputFile() {}

    static String read(String option, String name) {
        try {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                throw unreadable(option, name, "is a directory");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw unreadable(option, name, "no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(option, name, "permission denied");
        } catch (CharacterCodingException e) {
            throw unreadable(option, name, "not UTF-8");
        } catch (IOException | InvalidPathException e) {
            throw unreadable(option, name, "cannot be read");
        }
    }

    private static BadArgument unreadable(String option, String name, String why) {
        return BadArgument.of(option, name, why, "a readable file of UTF-8 text");
    }
}
