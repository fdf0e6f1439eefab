package io.perennial.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The one place where failures become HTTP answers. */
public class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    public Response problem(ProblemException e, UriInfo uri) {
        return answer(e.type(), String.valueOf(e.getMessage()), uri, e.errors());
    }

    @ServerExceptionMapper
    public Response constraintViolation(ConstraintViolationException e, UriInfo uri) {
        if (e.getConstraintViolations().stream().anyMatch(ProblemMappers::isAboutOurAnswer)) {
            return fault(e, uri);
        }
        List<FieldError> errors = e.getConstraintViolations().stream()
                .map(violation -> new FieldError(field(violation.getPropertyPath()), violation.getMessage()))
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                .toList();
        return problem(ProblemException.invalidFields(errors), uri);
    }

    @ServerExceptionMapper
    public Response unreadableField(MismatchedInputException e, UriInfo uri) {
        return unreadable(e, uri);
    }

    @ServerExceptionMapper
    public Response unreadableJson(JsonProcessingException e, UriInfo uri) {
        return unreadable(e, uri);
    }

    @ServerExceptionMapper
    public Response unauthenticated(UnauthorizedException e, UriInfo uri) {
        return answer(StandardProblem.UNAUTHENTICATED, "Send a valid bearer token.", uri, List.of());
    }

    @ServerExceptionMapper
    public Response unauthenticated(AuthenticationFailedException e, UriInfo uri) {
        return answer(StandardProblem.UNAUTHENTICATED, "Send a valid bearer token.", uri, List.of());
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException e, UriInfo uri) {
        return answer(StandardProblem.FORBIDDEN, "Your role does not allow this.", uri, List.of());
    }

    @ServerExceptionMapper
    public Response httpError(WebApplicationException e, UriInfo uri) {
        if (e.getCause() instanceof JsonProcessingException json) {
            return unreadable(json, uri);
        }
        Response response = e.getResponse();
        if (response.hasEntity() || response.getStatus() < 400) {
            return response;
        }
        ProblemType type = StandardProblem.ofStatus(response.getStatus());
        return type == StandardProblem.INTERNAL ? fault(e, uri) : answer(type, type.title(), uri, List.of());
    }

    @ServerExceptionMapper
    public Response fault(Throwable e, UriInfo uri) {
        LOG.errorf(e, "A request failed: path=%s", uri.getPath());
        return answer(StandardProblem.INTERNAL, "The failure was recorded; try again later.", uri, List.of());
    }

    private Response unreadable(JsonProcessingException e, UriInfo uri) {
        return problem(ProblemException.invalidFields(List.of(JsonFault.of(e))), uri);
    }

    /** Cuts the method and the parameter that carries the body off a violation's path. */
    private static String field(Path path) {
        List<String> steps = new ArrayList<>();
        String parameter = "";
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = node.getName();
            } else if (node.getKind() == ElementKind.PROPERTY || node.getKind() == ElementKind.CONTAINER_ELEMENT) {
                String index = node.isInIterable() && node.getIndex() != null ? "[" + node.getIndex() + "]" : "";
                if (!index.isEmpty() && !steps.isEmpty()) {
                    steps.set(steps.size() - 1, steps.get(steps.size() - 1) + index);
                }
                if (node.getKind() == ElementKind.PROPERTY) {
                    steps.add(node.getName());
                }
            }
        }
        return steps.isEmpty() ? parameter : String.join(".", steps);
    }

    private static boolean isAboutOurAnswer(ConstraintViolation<?> violation) {
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.RETURN_VALUE) {
                return true;
            }
        }
        return false;
    }

    private static Response answer(ProblemType type, String detail, @Nullable UriInfo uri, List<FieldError> errors) {
        String instance = uri == null ? null : uri.getPath();
        return Response.status(type.status())
                .type(Problem.MEDIA_TYPE)
                .entity(Problem.of(type, detail, instance, errors))
                .build();
    }
}
