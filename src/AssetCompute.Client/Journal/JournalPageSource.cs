using System.Diagnostics;
using System.Net;
using AssetCompute.Client.Http;

namespace AssetCompute.Client.Journal;

/// <summary>Reads one page with one request, and delivers its entries as they arrive.</summary>
/// <param name="http">Sends the requests.</param>
/// <param name="options">The options of the account.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="cause">The span that started a reading that outlives it, for links. Default: none.</param>
internal sealed class JournalPageSource(HttpClient http, JournalOptions options, TimeProvider timeProvider, ActivityContext cause = default)
{
    /// <summary>Reads the page at the cursor, delivers its entries, and moves the cursor after them.</summary>
    /// <returns>Whether there was a page, and how long the service asks to wait before the next read.</returns>
    /// <exception cref="JournalException">The position has expired.</exception>
    public async ValueTask<(bool HasPage, TimeSpan? RetryAfter)> ReadAsync(
        JournalCursor cursor,
        Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> deliver,
        CancellationToken cancellationToken)
    {
        HttpOperation operation = new(OperationKind.ReadJournal, cursor.Url, requestId: null, timeProvider) { Cause = cause };
        using HttpResponseMessage response = await SendAsync(operation, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            throw JournalFailure.Expired(cursor.Position);
        }

        bool hasPage = response.StatusCode == HttpStatusCode.OK;
        if (hasPage)
        {
            await ReadEntriesAsync(response, deliver, cancellationToken).ConfigureAwait(false);
        }

        // Without a link the cursor stays after the last event, which is equivalent.
        if (response.Headers.TryGetValues("Link", out IEnumerable<string>? links) && LinkHeader.Find(links, "next") is { } next)
        {
            cursor.Follow(next);
        }

        return (hasPage, RetryAfter.Of(response, timeProvider));
    }

    /// <summary>Sends one request to a journal. Every failure is an <see cref="AssetComputeException"/>.</summary>
    /// <returns>200 with a page, 204 without new events, or 410 for an expired position.</returns>
    public async Task<HttpResponseMessage> SendAsync(HttpOperation operation, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, operation.Url);
        operation.AttachTo(request);
        try
        {
            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Gone)
            {
                return response;
            }

            using (response)
            {
                throw await ResponseErrors.CreateAsync(response, operation, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (
            exception is not AssetComputeException
            && !cancellationToken.IsCancellationRequested
            && ResponseErrors.Create(exception, operation) is { } error)
        {
            throw error;
        }
    }

    private async Task ReadEntriesAsync(
        HttpResponseMessage response,
        Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> deliver,
        CancellationToken cancellationToken)
    {
        using JournalPageReader page = new(options.MaxEventBytes);
        byte[] buffer = new byte[JournalPageReader.BatchBytes];
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            StallLimit stall = new(options.ReadTimeout, $"The journal stopped in the middle of a page ({nameof(JournalOptions)}.{nameof(JournalOptions.ReadTimeout)}).", timeProvider);
            int count;
            do
            {
                count = await stall.ReadAsync(body, buffer, cancellationToken).ConfigureAwait(false);
                page.Read(buffer, count);
                if (page.HasBatch || count == 0)
                {
                    await deliver(page.TakeEntries(), cancellationToken).ConfigureAwait(false);
                }
            }
            while (count > 0);
        }
        catch (Exception exception) when (JournalFailure.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            // Entries that were complete before the page broke are delivered, and not requested again.
            await deliver(page.TakeEntries(), cancellationToken).ConfigureAwait(false);
            throw;
        }
    }
}
