<?php
namespace OmsBridge;

/**
 * The one entry of the protocol: admits the request, runs the resource, and answers JSON whatever happens.
 *
 * OpenCart shows warnings by default, so output is buffered and thrown away, warnings are counted, and a fatal error or an
 * exit somewhere in the shop is turned into the protocol's `internal` by a shutdown function.
 */
class Api
{
    private $bridge;
    private $call;
    private $started;
    private $warnings = 0;
    private $answered = false;
    private $reserve;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
    }

    public function run($server)
    {
        $this->started = microtime(true);
        // Freed when memory has run out, so that the answer can still be written.
        $this->reserve = str_repeat('x', 262144);
        @ini_set('display_errors', '0');
        @ini_set('html_errors', '0');
        @ini_set('zlib.output_compression', '0');
        @set_time_limit(120);
        ignore_user_abort(true);
        ob_start();
        set_error_handler(array($this, 'warn'));
        register_shutdown_function(array($this, 'rescue'));
        $this->call = new Call($server);
        try {
            $this->bridge->prepare();
            $this->bridge->gate->admit($this->call);
            $answer = Resources::answer($this->bridge, $this->call);
            $this->succeed($answer);
        } catch (Refusal $refusal) {
            $this->refuse($refusal);
        } catch (\Exception $error) {
            $this->fail($error);
        } catch (\Throwable $error) {
            $this->fail($error);
        }
        $this->afterwards();
    }

    /** Error handler: counts what the shop would have printed, and keeps the first few in the shop's log. */
    public function warn($level, $message, $file = '', $line = 0)
    {
        if (!(error_reporting() & $level)) {
            return true;
        }
        $this->warnings++;
        if ($this->warnings <= 5) {
            $this->bridge->shop->log('OMS bridge: ' . $message . ' in ' . $file . ' on line ' . $line);
        }
        return true;
    }

    /** Shutdown function: the request died without an answer. */
    public function rescue()
    {
        if ($this->answered) {
            return;
        }
        $this->reserve = null;
        $last = error_get_last();
        $this->fail(new \Exception($last ? $last['message'] . ' in ' . $last['file'] . ' on line ' . $last['line'] : 'The shop ended the request.'));
    }

    private function succeed(Answer $answer)
    {
        $meta = $this->meta(true) + $answer->meta;
        $body = Json::encode(array('data' => $answer->data, 'next' => $answer->next, 'meta' => $meta));
        $this->send(200, $body, array(), '');
    }

    private function refuse(Refusal $refusal)
    {
        $clock = $this->bridge->gate->trusted && $refusal->word !== 'clock_skew';
        $body = Json::encode(array('error' => $refusal->body(), 'meta' => Json::object($this->meta($clock))));
        $this->send($refusal->http, $body, $refusal->headers, $refusal->word);
    }

    private function fail($error)
    {
        $refusal = $this->bridge->broken($error);
        try {
            $meta = $this->meta($this->bridge->gate->trusted);
        } catch (\Exception $broken) {
            $meta = $this->meta(false);
        }
        $body = Json::encode(array('error' => $refusal->body(), 'meta' => Json::object($meta)));
        $this->send(500, $body, array(), 'internal');
    }

    private function meta($full)
    {
        $meta = array('protocol' => Version::PROTOCOL);
        if ($full) {
            $meta['bridge'] = Version::BRIDGE;
            $meta['clock'] = $this->bridge->clock->both();
        }
        return $meta;
    }

    private function send($status, $body, $headers, $word)
    {
        if ($this->answered) {
            return;
        }
        $this->answered = true;
        while (ob_get_level() > 0) {
            if (trim((string)ob_get_contents()) !== '') {
                $this->warnings++;
            }
            if (!@ob_end_clean()) {
                break;
            }
        }
        if ($this->warnings > 0 && $this->bridge->gate->trusted) {
            // Every body ends with meta; the count is known only now that the buffers are emptied.
            $body = substr($body, 0, -2) . ',"warnings":' . $this->warnings . '}}';
        }
        if (!headers_sent()) {
            header_remove('Content-Encoding');
            header_remove('Location');
            http_response_code($status);
            header('Content-Type: application/json; charset=utf-8');
            header('Content-Length: ' . strlen($body));
            header('Cache-Control: no-store');
            header('X-Content-Type-Options: nosniff');
            header('X-Robots-Tag: noindex');
            foreach ($headers as $line) {
                header($line);
            }
        }
        echo $body;
        Finish::response();
        $this->note($status, $word);
    }

    private function note($status, $word)
    {
        try {
            $resource = isset($this->call->query['resource']) ? $this->call->query['resource'] : '';
            $resource = is_string($resource) && Resources::knows($resource) ? $resource : '?';
            $milliseconds = round((microtime(true) - $this->started) * 1000);
            $this->bridge->calls->add($resource, $this->call->method, $status, $word, $milliseconds, (string)$this->call->server('REMOTE_ADDR', ''));
        } catch (\Exception $error) {
            $this->bridge->shop->log('OMS bridge: the call could not be noted: ' . $error->getMessage());
        }
    }

    /** Housekeeping when the caller already has the answer. */
    private function afterwards()
    {
        ob_start();
        try {
            $this->bridge->webhook->deliverIfDue();
            if (mt_rand(1, 200) === 1) {
                $this->bridge->outbox->prune();
                $this->bridge->once->prune();
            }
        } catch (\Exception $error) {
            $this->bridge->shop->log('OMS bridge: ' . $error->getMessage());
        } catch (\Throwable $error) {
            $this->bridge->shop->log('OMS bridge: ' . $error->getMessage());
        }
        ob_end_clean();
    }
}
