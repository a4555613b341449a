using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The journal of Adobe I/O Events over HTTP: positions, links, <c>since</c>, <c>latest</c>, <c>seek</c>, <c>limit</c>, 204 and 410.</summary>
internal sealed class JournalEndpoints(Gateway gateway, Registrations registrations, AssetComputeEmulatorOptions options, EmulatorJournalFaults faults)
{
    private const string Pattern = "/events/organizations/{organization:long}/integrations/{integration:long}/{journal:guid}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Pattern, Answer(ReadAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.Journal), ErrorForm.Text);
        routes.MapGet(Pattern + "/count", Answer(CountAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.Journal), ErrorForm.Text);
        routes.MapGet(Pattern + "/validate", Answer(ValidateAsync)).WithMetadata(new OperationMetadata(EmulatorOperation.Journal), ErrorForm.Text);
    }

    private RequestDelegate Answer(Func<HttpContext, EventJournal, Task> answer) => gateway.Admit(Gateway.JournalOrganizationHeaders, (context, client) =>
    {
        var journal = registrations.OfJournal(Guid.Parse(context.Route("journal"), CultureInfo.InvariantCulture));
        if (journal is null || !context.Request.Path.StartsWithSegments(journal.Registration.JournalPath, StringComparison.Ordinal))
        {
            throw new Refusal(StatusCodes.Status404NotFound, "There is no such journal.");
        }

        if (journal.Registration.ClientId != client.ClientId)
        {
            throw new Refusal(StatusCodes.Status403Forbidden, "The journal belongs to another client.");
        }

        return journal.IsReady ? answer(context, journal) : AnswerNotReadyAsync(context, journal);
    });

    private async Task ReadAsync(HttpContext context, EventJournal journal)
    {
        var limit = LimitOf(context.Request.Query);
        var page = Read(journal, context.Request.Query, limit ?? options.Journal.PageSize);
        if (page.Records.Count == 0)
        {
            AnswerEnd(context, journal, page, limit);
            return;
        }

        AddLinks(context, journal, faults.DrawRepeat() ? page.Before : page.Last, limit);
        await context.WriteBytesAsync(StatusCodes.Status200OK, "application/json; charset=utf-8", page.ToBytes()).ConfigureAwait(false);
    }

    private Task AnswerNotReadyAsync(HttpContext context, EventJournal journal)
    {
        context.Response.StatusCode = faults.StatusUntilReady;
        if (faults.StatusUntilReady == StatusCodes.Status204NoContent)
        {
            // Readers follow the link of a 204 without checking whether there is one.
            AnswerEnd(context, journal, journal.Read(null, limit: 0), LimitOf(context.Request.Query));
        }

        return Task.CompletedTask;
    }

    private void AnswerEnd(HttpContext context, EventJournal journal, JournalPage page, int? limit)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.RetryAfter =
            ((long)Math.Ceiling(options.Journal.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        AddLinks(context, journal, page.Last, limit);
        context.Response.Headers.Append("Link", $"<{journal.Registration.JournalPath}/validate?since={page.Last}>; rel=\"validate\"");
    }

    /// <summary>Adds the link that readers follow, and the other links of Adobe's journal. Two of them are templates.</summary>
    private static void AddLinks(HttpContext context, EventJournal journal, string since, int? limit)
    {
        var path = journal.Registration.JournalPath;
        foreach (var (rel, link) in new[]
        {
            ("next", $"{path}?since={since}{(limit is { } most ? $"&limit={most}" : "")}"),
            ("events", path),
            ("count", $"{path}/count?since={since}"),
            ("latest", $"{path}?latest=true"),
            ("page", $"{path}?since={{position}}&limit={{count}}"),
            ("seek", $"{path}?seek={{duration}}&limit={{count}}"),
        })
        {
            context.Response.Headers.Append("Link", $"<{link}>; rel=\"{rel}\"");
        }
    }

    private static Task CountAsync(HttpContext context, EventJournal journal) =>
        context.WriteJsonAsync(StatusCodes.Status200OK, new JsonObject { ["count"] = journal.CountAfter(Single(context.Request.Query, "since")) });

    private JournalPage Read(EventJournal journal, IQueryCollection query, int limit)
    {
        var isLatest = string.Equals(Single(query, "latest"), "true", StringComparison.OrdinalIgnoreCase);
        return (Single(query, "since"), Single(query, "seek")) switch
        {
            ({ }, { }) => throw new FormatException("'since' and 'seek' exclude each other."),
            (null, _) when isLatest => journal.ReadLatest(),
            (_, { } seek) => journal.ReadFrom(TimeOf(seek), limit),
            (var since, _) => journal.Read(since, limit),
        };
    }

    private static Task ValidateAsync(HttpContext context, EventJournal journal)
    {
        journal.CountAfter(Single(context.Request.Query, "since") ?? throw new FormatException("'since' is missing."));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static int? LimitOf(IQueryCollection query) =>
        Single(query, "limit") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit
        : throw new FormatException("'limit' must be a positive integer.");

    private DateTimeOffset TimeOf(string text)
    {
        try
        {
            var seek = XmlConvert.ToTimeSpan(text);
            return seek <= TimeSpan.Zero ? options.TimeProvider.GetUtcNow() + seek : throw new FormatException("'seek' must be negative, such as -PT2H.");
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException)
        {
            throw new FormatException("'seek' is too long.");
        }
    }

    private static string? Single(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;
}
