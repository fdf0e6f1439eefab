package io.perennial.bench.imports;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.TableFiles;
import java.nio.file.Path;
import java.util.List;

/** The rows that an import writes. */
final class Rows {
    /** In the order of their foreign keys. */
    private static final List<String> TABLES = List.of("connection", "grant_record", "audit_entry", "outbox");

    private final Lab lab;
    private final TableFiles files;

    Rows(Lab lab, Path directory) {
        this.lab = lab;
        this.files = new TableFiles(lab, AuthService.DATABASE, directory, TABLES);
    }

    /** Nothing of an import is there; tenants, their keys and the application stay. */
    void clear() {
        lab.execute(
                AuthService.DATABASE, "truncate " + String.join(", ", TABLES) + ", import_run, import_fault cascade");
        lab.settle(AuthService.DATABASE);
    }

    /** Keeps what an import has just written. */
    void keep() {
        files.keep();
    }

    /** Loads it in one transaction. */
    void load() {
        files.load();
    }

    static String described() {
        return String.join(", ", TABLES);
    }
}
