<?php
namespace OmsBridge;

class WebhookWriter
{
    private $webhook;

    public function __construct(Bridge $bridge)
    {
        $this->webhook = $bridge->webhook;
    }

    public function point(Call $call)
    {
        $body = $call->json();
        if (!array_key_exists('url', $body)) {
            throw Refusal::invalid('url', 'missing', 'The field url is required; null removes the address.');
        }
        $this->webhook->point($body['url']);
        return new Answer($this->webhook->state());
    }

    public function test(Call $call)
    {
        return new Answer($this->webhook->ping());
    }
}
