<?php
namespace OmsBridge;

/**
 * The shop's events, written down for Entrepot.
 *
 * They run inside the buyer's or the clerk's request, so nothing here may throw, print or wait.
 */
class Events
{
    private $bridge;
    private static $armed = false;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
    }

    /** Handles one event; $args and $output are what the shop's model was called with and answered. */
    public function heard($what, $args, $output)
    {
        try {
            // Called by a visitor's URL instead of by the shop: there are no arguments.
            if (!is_array($args) || !isset($args[0])) {
                return;
            }
            if ($this->bridge->settings->get('enabled') === '1') {
                $this->{$what}($args, $output);
                $this->arm();
            }
        } catch (\Exception $error) {
            $this->quietly($error);
        } catch (\Throwable $error) {
            $this->quietly($error);
        }
    }

    private function orderAdded($args, $output)
    {
        $this->bridge->outbox->add('order.added', (int)$output, array());
    }

    private function orderHistory($args, $output)
    {
        // 4.1 answers the new history id; the older models answer nothing.
        $history_id = is_numeric($output) && (int)$output > 0 ? (int)$output : self::newestHistory($this->bridge->db, $args[0]);
        $this->bridge->outbox->add('order.history', $args[0], array('order_status_id' => (int)(isset($args[1]) ? $args[1] : 0), 'order_history_id' => $history_id));
    }

    private function orderDeleted($args, $output)
    {
        $this->bridge->outbox->add('order.deleted', $args[0], array());
    }

    private function productAdded($args, $output)
    {
        $this->bridge->outbox->add('product.saved', (int)$output, array());
    }

    private function productSaved($args, $output)
    {
        $this->bridge->outbox->add('product.saved', $args[0], array());
    }

    private function productCopied($args, $output)
    {
        // OpenCart 3 copies without telling the new id.
        $this->bridge->outbox->add('product.saved', (int)$this->bridge->db->value('SELECT MAX(`product_id`) FROM ' . $this->bridge->db->table('product')), array());
    }

    private function productDeleted($args, $output)
    {
        $this->bridge->outbox->add('product.deleted', $args[0], array());
    }

    /** The newest history row of an order, looked for among the last rows only: the table has no index on the order. */
    public static function newestHistory(Db $db, $order_id)
    {
        $table = $db->table('order_history');
        $last = (int)$db->value('SELECT MAX(`order_history_id`) FROM ' . $table);
        $id = $db->value('SELECT MAX(`order_history_id`) FROM ' . $table . ' WHERE `order_history_id` > ' . ($last - 1000) . ' AND `order_id` = ' . (int)$order_id);
        return $id === null ? null : (int)$id;
    }

    /** Sends what is pending when the page has gone out. */
    private function arm()
    {
        if (self::$armed || !$this->bridge->webhook->due() || Origin::name() === 'oms') {
            return;
        }
        self::$armed = true;
        Finish::holdPage();
        register_shutdown_function(array($this, 'deliver'));
    }

    public function deliver()
    {
        try {
            Finish::releasePage();
            $this->bridge->webhook->deliverIfDue();
        } catch (\Exception $error) {
            $this->quietly($error);
        } catch (\Throwable $error) {
            $this->quietly($error);
        }
    }

    private function quietly($error)
    {
        try {
            $this->bridge->shop->log('OMS bridge: ' . $error->getMessage());
        } catch (\Exception $ignored) {
            return;
        }
    }
}
