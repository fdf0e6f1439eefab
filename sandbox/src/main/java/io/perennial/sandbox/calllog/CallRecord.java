package io.perennial.sandbox.calllog;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** What is known so far about the call being handled; without an operation nothing is logged. */
@RequestScoped
public class CallRecord {

    private boolean written;
    private @Nullable String operation;
    private @Nullable String grantType;
    private @Nullable String seller;
    private @Nullable String fault;

    /** The record behind the scope: a caller who hangs up ends the scope, and what he asked for is still done. */
    public CallRecord itself() {
        return this;
    }

    /** True the first time. */
    boolean write() {
        boolean first = !written;
        written = true;
        return first;
    }

    public void operation(String name) {
        operation = name;
    }

    public void grantType(String name) {
        grantType = name;
    }

    public void seller(@Nullable String sellerId) {
        seller = sellerId;
    }

    public void fault(String kind) {
        fault = kind;
    }

    @Nullable
    String operation() {
        return operation;
    }

    @Nullable
    String grantType() {
        return grantType;
    }

    @Nullable
    String seller() {
        return seller;
    }

    @Nullable
    String fault() {
        return fault;
    }
}
