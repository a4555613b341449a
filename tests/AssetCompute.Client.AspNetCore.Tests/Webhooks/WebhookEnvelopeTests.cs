using System.Text;
using AssetCompute.Client.Webhooks;

namespace AssetCompute.Client.Tests.Webhooks;

public sealed class WebhookEnvelopeTests
{
    [Fact]
    public void Parse_CloudEvent_IsTheEventItself()
    {
        WebhookEvent received = Assert.Single(Parse(ReceiverBench.Published));

        Assert.Equal("acct:aem-p1-e2@adobe.com e-1", received.Id);
        Assert.Equal(ReceiverBench.Published, Text(received));
    }

    [Fact]
    public void Parse_LegacyEnvelope_GivesTheEventInside()
    {
        WebhookEvent received = Assert.Single(Parse("""{"event_id":"x-2","event":{"@id":"urn:1","@type":"xdmCreated"},"recipient_client_id":"me"}"""));

        Assert.Equal("urn:1", received.Id);
        Assert.Equal("x-2", received.EventId);
        Assert.Equal("""{"@id":"urn:1","@type":"xdmCreated"}""", Text(received));
    }

    [Fact]
    public void Parse_LegacyEnvelopeOfAnEventWithoutId_IsKnownByTheEnvelopesId()
    {
        const string created = """{"type":"rendition_created","requestId":"r-1"}""";
        WebhookEvent received = Assert.Single(Parse($$"""{"event_id":"x-3","event":{{created}},"recipient_client_id":"me"}"""));

        Assert.Equal("eventid:x-3", received.Id);
        Assert.Equal("r-1", Assert.IsType<RenditionCreated>(received.Event).RequestId);
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"e-1","source":"urn:s","eventid":"x-4","recipientclientid":"me","event_id":"x-4","recipient_client_id":"me"}""")]
    [InlineData("""{"event_id":"x-5","recipient_client_id":"me","eventid":"x-4","recipientclientid":"me","specversion":"1.0","id":"e-1","source":"urn:s"}""")]
    public void Parse_BothSpellingsOfTheDeliverysFields_TakesTheNewerAndTheWholeEvent(string json)
    {
        WebhookEvent received = Assert.Single(Parse(json));

        Assert.Equal("urn:s e-1", received.Id);
        Assert.Equal("x-4", received.EventId);
        Assert.Equal(json, Text(received));
    }

    [Fact]
    public void Parse_EventWithoutAnyId_IsKnownByItsBytes()
    {
        string Id(string json) => Assert.Single(Parse(json)).Id;

        Assert.Equal(Id("""{"event":{"a":1},"recipient_client_id":"me"}"""), Id("""{"recipient_client_id":"me", "event":{"a":1}}"""));
        Assert.NotEqual(Id("""{"event":{"a":1},"recipient_client_id":"me"}"""), Id("""{"event":{"a":2},"recipient_client_id":"me"}"""));
        Assert.StartsWith("sha256:", Id("""{"event_id":"with spaces and \u0000","event":{"a":1},"recipient_client_id":"me"}"""), StringComparison.Ordinal);
        Assert.StartsWith("sha256:", Id($$"""{"event_id":"{{new string('x', 300)}}","event":{"a":1},"recipient_client_id":"me"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MarketoWrap_GivesTheCloudEventInside()
    {
        const string inner = """{"specversion":"1.0","id":"m-1","source":"urn:marketo","type":"com.adobe.marketo","data":{}}""";
        WebhookEvent received = Assert.Single(Parse($$"""[{"eventid":"x-4","event":{"header":{"a":1},"body":{{inner}}},"recipientclientid":"me"}]"""));

        Assert.Equal("urn:marketo m-1", received.Id);
        Assert.Equal(inner, Text(received));
    }

    [Theory]
    [InlineData("""{"event":{"body":{"no":"cloudevent"}},"recipientclientid":"me"}""", """{"body":{"no":"cloudevent"}}""")]
    [InlineData("""{"event":{"specversion":"1.0","id":"1","body":{"specversion":"1.0","id":"2"}},"recipientclientid":"me"}""", """{"specversion":"1.0","id":"1","body":{"specversion":"1.0","id":"2"}}""")]
    [InlineData("""{"event":"text","recipientclientid":"me"}""", """{"event":"text","recipientclientid":"me"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","event":{"a":1},"recipientclientid":"me"}""", """{"specversion":"1.0","id":"1","event":{"a":1},"recipientclientid":"me"}""")]
    [InlineData("""{"recipientclientid":"me"}""", """{"recipientclientid":"me"}""")]
    [InlineData("""{"\ud800":1,"event":{"\udc00":2},"recipientclientid":"me"}""", """{"\udc00":2}""")]
    public void Parse_WhatOnlyLooksLikeAnEnvelope_IsHandedOnAsItIs(string json, string expected) =>
        Assert.Equal(expected, Text(Assert.Single(Parse(json))));

    [Fact]
    public void Parse_Batch_GivesItsEventsInOrder()
    {
        IReadOnlyList<WebhookEvent> events = Parse(Batch(20));

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"urn:s e-{number}"), events.Select(received => received.Id));
    }

    [Theory]
    [InlineData("""{"recipientclientid":"other"}""")]
    [InlineData("""{"recipient_client_id":"other"}""")]
    [InlineData("""{"recipientclientid":"other","recipient_client_id":"me"}""")]
    [InlineData("""{"recipient_client_id":"me","recipientclientid":"other"}""")]
    [InlineData("""{"recipientclientid":null,"recipient_client_id":"me"}""")]
    [InlineData("""{"recipientclientid":["me"],"recipient_client_id":"me"}""")]
    [InlineData("""{"recipientclientid":"ME"}""")]
    [InlineData("""{"recipientclientid":"\ud800"}""")]
    [InlineData("""{"recipientclientid":7}""")]
    [InlineData("""{"event":{"recipientclientid":"me"}}""")]
    [InlineData("""{}""")]
    [InlineData("""[{"recipientclientid":"me"},{"recipientclientid":"other"}]""")]
    [InlineData("""[{"recipientclientid":"me"},{}]""")]
    public void Parse_ForAnotherRecipient_IsRefusedAsAWhole(string json) =>
        Assert.Equal((int)WebhookRefusal.WrongRecipient, Assert.Throws<WebhookRefusedException>(() => Parse(json)).Outcome.StatusCode);

    [Theory]
    [InlineData("""{"recipientclientid":"me","recipient_client_id":"other"}""")]
    [InlineData("""{"recipient_client_id":"me"}""")]
    public void Parse_ForThisRecipient_IsAccepted(string json) => Assert.Single(Parse(json));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("[7]")]
    [InlineData("[[]]")]
    [InlineData("""[{"recipientclientid":"me"},null]""")]
    [InlineData("""{"recipientclientid":"me"} {}""")]
    [InlineData("""{"recipientclientid":"me" """)]
    [InlineData("challenge=1")]
    public void Parse_NoDelivery_IsMalformed(string json) =>
        Assert.Equal((int)WebhookRefusal.Malformed, Assert.Throws<WebhookRefusedException>(() => Parse(json)).Outcome.StatusCode);

    [Fact]
    public void Parse_MoreEventsThanAllowed_IsTooLarge()
    {
        Assert.Equal(100, Parse(Batch(100)).Count);
        Assert.Equal((int)WebhookRefusal.TooLarge, Assert.Throws<WebhookRefusedException>(() => Parse(Batch(101))).Outcome.StatusCode);
    }

    [Fact]
    public void Parse_ByteOrderMark_IsPassedOver() => Assert.Single(Parse("\uFEFF" + ReceiverBench.Published));

    private static string Batch(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(number => $$"""{"specversion":"1.0","id":"e-{{number}}","source":"urn:s","recipientclientid":"me"}"""))}]";

    private static IReadOnlyList<WebhookEvent> Parse(string json) => WebhookEnvelope.Parse(Encoding.UTF8.GetBytes(json), new WebhookOptions { ClientId = "me" });

    private static string Text(WebhookEvent received) => Encoding.UTF8.GetString(received.Raw.Span);
}
