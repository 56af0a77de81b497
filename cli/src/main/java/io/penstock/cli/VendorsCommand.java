package io.penstock.cli;

import io.penstock.auth.CredentialScheme;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** The command {@code vendors}. Lists the APIs on the class path. */
@Command(
        name = "vendors",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists the APIs this program knows, with their declared limits.",
        exitCodeListHeading = "%nExit codes:%n")
final class VendorsCommand implements Runnable {

    private final Console console;

    VendorsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Table table = new Table();
        table.row("ID", "NAME", "BASE URI", "AUTHENTICATION", "DECLARED LIMITS");
        for (VendorSpec vendor : Vendors.all()) {
            List<String> limits = limits(vendor);
            table.row(
                    vendor.id(),
                    vendor.name(),
                    vendor.baseUri().toString(),
                    authentication(vendor.credential()),
                    limits.get(0));
            limits.stream().skip(1).forEach(limit -> table.row("", "", "", "", limit));
        }
        table.lines().forEach(console.out()::println);
    }

    private static String authentication(CredentialScheme scheme) {
        String word = switch (scheme.form()) {
            case PLAIN -> "<secret>";
            case BASIC -> "<user:password in Base64>";
            case BASIC_USER -> "<secret: in Base64>";
            case PARTS -> "<part of the secret>";
            case QUERY -> scheme.names().size() == 1 ? "<secret>" : "<part of the secret>";
        };
        if (!scheme.parameters().isEmpty()) {
            return scheme.parameters().stream()
                    .map(name -> name + "=" + word)
                    .collect(Collectors.joining("&", "?", ""));
        }
        return String.join(
                ", ",
                scheme.headers().stream()
                        .map(name -> name + ": " + scheme.prefix() + word)
                        .toList());
    }

    private static List<String> limits(VendorSpec vendor) {
        return vendor.quota().limits().isEmpty()
                ? List.of("none")
                : vendor.quota().limits().stream().map(Object::toString).toList();
    }
}
