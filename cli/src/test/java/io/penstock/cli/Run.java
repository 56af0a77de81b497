package io.penstock.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** A run of the program in this process, and what it left behind. */
record Run(int code, String out, String err) {

    static Run of(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(args, new PrintWriter(out), new PrintWriter(err), environment::get);
        return new Run(code, out.toString(), err.toString());
    }

    static Run of(String... args) {
        return of(Map.of(), args);
    }

    /** A run that somebody looks at. */
    static Run onTerminal(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.run(args, new Console(new PrintWriter(out), new PrintWriter(err), environment::get, () -> true));
        return new Run(code, out.toString(), err.toString());
    }
}
