package io.penstock.cli;

import io.penstock.error.ApiException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The entry point of {@code penstock}. */
public final class Main {

    private Main() {}

    /**
     * Runs a command on the process's own streams and exits with its code. The streams are UTF-8 in every locale, as
     * JSON requires.
     */
    public static void main(String[] args) {
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        Console console = new Console(out, err, System::getenv, () -> Terminal.onStderr(System::getenv));
        System.exit(run(args, console));
    }

    /**
     * Runs a command.
     *
     * @param args the command and its arguments
     * @param out the writer for results
     * @param err the writer for errors and journeys
     * @param environment the environment variables by name
     * @return the exit code, see {@code --help}
     */
    public static int run(
            String[] args, PrintWriter out, PrintWriter err, Function<String, @Nullable String> environment) {
        return run(args, new Console(out, err, environment));
    }

    static int run(String[] args, Console console) {
        CommandLine commands = new CommandLine(new RootCommand())
                .addSubcommand(new VendorsCommand(console))
                .addSubcommand(new CallCommand(console))
                .addSubcommand(new PagesCommand(console))
                .addSubcommand(new PollCommand(console))
                .addSubcommand(new DownloadCommand(console))
                .addSubcommand(new SimulateCommand(console))
                .addSubcommand(new DemoCommand(console));
        commands.getCommandSpec().usageMessage().exitCodeList(ExitCode.explained());
        for (CommandLine command : commands.getSubcommands().values()) {
            command.getCommandSpec().usageMessage().exitCodeList(ExitCode.explained());
        }
        // An argument @file names a body, not a file of arguments.
        commands.setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(console.out())
                .setErr(console.err())
                .setParameterExceptionHandler((e, given) -> ErrorOutput.badSyntax(console, e))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(console, e));
        try {
            return commands.execute(args);
        } finally {
            console.out().flush();
            console.err().flush();
        }
    }

    private static int failed(Console console, Exception e) {
        if (e instanceof BadArgument bad) {
            console.complain(String.valueOf(bad.getMessage()));
            return ExitCode.BAD_INPUT;
        }
        if (e instanceof ApiException failure) {
            return ErrorOutput.failed(console, failure, false);
        }
        console.complain("unexpected failure: " + e);
        return ExitCode.UNEXPECTED;
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
